"""The page on which somebody signs in."""

from starlette.responses import Response

from tenantry.console.page_context import Visit
from tenantry.identity.accounts import actions as accounts
from tenantry.kit.text import email_address


async def ask(visit: Visit) -> Response:
    """Show the form; who is signed in already may sign in as somebody else."""
    return visit.page(
        "sign_in.html", next=visit.way_back(), can_sign_up=visit.service.sign_up == "open"
    )


async def sign_in(visit: Visit) -> Response:
    """Sign in by password, and go on to where the way led. BadCredentials for every cause alike."""
    form, service = await visit.form(), visit.service
    opened = await accounts.sign_in(
        service.database,
        visit.passwords,
        visit.meter,
        email=email_address(form.text("email").strip()),
        password=form.text("password"),
        client=visit.client,
    )
    await visit.sign_in(opened)
    return visit.go_to(visit.way_back())
