"""The page on which somebody signs in."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.identity.accounts import actions as accounts
from tenantry.kit.text import email_address


async def ask(ctx: PageContext) -> Response:
    """Show the form; who is signed in already may sign in as somebody else."""
    return ctx.render(
        "sign_in.html", next=ctx.next_path(), can_sign_up=ctx.service.sign_up == "open"
    )


async def sign_in(ctx: PageContext) -> Response:
    """Sign in by password, and go on to where the way led. BadCredentials for every cause alike."""
    form, service = await ctx.form(), ctx.service
    opened = await accounts.sign_in(
        service.database,
        ctx.passwords,
        ctx.rate_limiter,
        email=email_address(form.text("email").strip()),
        password=form.text("password"),
        client=ctx.client,
    )
    await ctx.sign_in(opened)
    return ctx.redirect(ctx.next_path())
