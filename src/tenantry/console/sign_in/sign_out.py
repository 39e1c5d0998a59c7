"""The page on which a user signs out."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.texts.languages import mark


@public_page("/sign-out")
async def confirm_sign_out(ctx: PageContext) -> Response:
    """A form, because a link on another site must not sign anyone out."""
    return ctx.render("sign_in/sign_out.html")


@confirm_sign_out.post
async def sign_out(ctx: PageContext) -> Response:
    await ctx.sign_out()
    title, sentence = mark("You are signed out"), mark("You can close this page.")
    return ctx.outcome(ctx.translate(title), ctx.translate(sentence))
