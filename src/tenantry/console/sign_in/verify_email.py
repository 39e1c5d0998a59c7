"""The page that confirms an email address, from the link in an email."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import link_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts.verify_email import verify_email


@link_page("/verify-email")
async def confirm_address(ctx: PageContext) -> Response:
    """A form, because mail scanners follow links."""
    ctx.link_token()
    return ctx.render("sign_in/verify_email.html")


@confirm_address.post
async def verify(ctx: PageContext) -> Response:
    await verify_email(ctx.account, ctx.link_token())
    ctx.forget_link_token()
    title, sentence = mark("Email address confirmed"), mark("Thank you. You can close this page.")
    return ctx.outcome(ctx.translate(title), ctx.translate(sentence))
