"""The page that proves an email address."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import link_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts.verify_email import verify_email

_TITLE = mark("Email address confirmed")
_DONE = mark("Thank you. You can close this page.")


@link_page("/verify-email")
async def ask(ctx: PageContext) -> Response:
    """Show one button. Mail scanners follow links, so following one must not prove anything."""
    ctx.link_token()
    return ctx.render("sign_in/verify_email.html")


@ask.post
async def prove(ctx: PageContext) -> Response:
    """Prove the address by the letter's token."""
    await verify_email(ctx.account, ctx.link_token())
    ctx.forget_link_token()
    return ctx.outcome(ctx.translate(_TITLE), ctx.translate(_DONE))
