"""The page on which the session of this browser ends."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.texts.languages import mark

_TITLE = mark("You are signed out")
_DONE = mark("You can close this page.")


@public_page("/sign-out")
async def ask(ctx: PageContext) -> Response:
    """Show one button: a link that another site shows must not sign anybody out."""
    return ctx.render("sign_in/sign_out.html")


@ask.post
async def end(ctx: PageContext) -> Response:
    """End the session."""
    await ctx.sign_out()
    return ctx.outcome(ctx.translate(_TITLE), ctx.translate(_DONE))
