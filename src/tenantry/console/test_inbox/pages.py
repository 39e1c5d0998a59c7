"""The test inbox: emails that were caught in development, never where real ones are sent."""

import asyncio

from starlette.responses import HTMLResponse, Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.test_inbox import emails
from tenantry.console.test_inbox.emails import InboxEmail
from tenantry.kit.refusals import NotFound

# An email holds other people's words: it draws itself, loads nothing and runs nothing; its links
# open in a window of their own.
_HTML_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class EmailUnknown(NotFound):
    """The inbox has no email of this name."""

    code = "email_unknown"
    detail = "There is no such email in the test inbox."


@public_page("/dev/mail", is_for_development=True)
async def show(ctx: PageContext) -> Response:
    """The newest emails."""
    newest = await asyncio.to_thread(emails.newest, ctx.inbox)
    return ctx.render("test_inbox/emails.html", emails=newest)


@public_page("/dev/mail/{name}", is_for_development=True)
async def show_one(ctx: PageContext) -> Response:
    """One email: its headers, its text, and a frame for its HTML."""
    return ctx.render("test_inbox/email.html", email=await _email(ctx))


@public_page("/dev/mail/{name}/html", is_for_development=True)
async def show_html(ctx: PageContext) -> Response:
    """An email's HTML in a sandbox."""
    email = await _email(ctx)
    return HTMLResponse(emails.opening_windows(email.html), headers=_HTML_HEADERS)


async def _email(ctx: PageContext) -> InboxEmail:
    email = await asyncio.to_thread(emails.find, ctx.inbox, ctx.path_params["name"])
    if email is None:
        raise EmailUnknown
    return email
