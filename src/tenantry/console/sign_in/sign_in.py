"""The page on which somebody signs in."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.identity.accounts import sign_in as accounts
from tenantry.kit.text import email_address


@public_page("/sign-in")
async def ask(ctx: PageContext) -> Response:
    """Show the form; who is signed in already may sign in as somebody else."""
    return ctx.render(
        "sign_in/sign_in.html", next=ctx.next_path(), can_sign_up=ctx.service.sign_up == "open"
    )


@ask.post
async def sign_in(ctx: PageContext) -> Response:
    """Sign in by password, and go on to where the way led. BadCredentials for every cause alike."""
    form = await ctx.form()
    opened = await accounts.sign_in(
        ctx.account,
        email=email_address(form.text("email").strip()),
        password=form.text("password"),
    )
    await ctx.sign_in(opened)
    return ctx.redirect(ctx.next_path())
