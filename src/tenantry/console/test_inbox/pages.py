"""The test inbox: emails caught in development. It does not exist where emails are sent."""

import asyncio

from starlette.responses import HTMLResponse, Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.test_inbox import emails
from tenantry.console.test_inbox.emails import InboxEmail
from tenantry.kit.refusals import NotFound

# An email's content is not trusted: it may neither load nor run anything.
_HTML_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class EmailUnknown(NotFound):
    """The inbox has no such email."""

    code = "email_unknown"
    detail = "There is no such email in the test inbox."


@public_page("/dev/mail", is_for_development=True)
async def index(ctx: PageContext) -> Response:
    newest = await asyncio.to_thread(emails.newest, ctx.inbox)
    return ctx.render("test_inbox/emails.html", emails=newest)


@public_page("/dev/mail/{name}", is_for_development=True)
async def show(ctx: PageContext) -> Response:
    return ctx.render("test_inbox/email.html", email=await _email(ctx))


@public_page("/dev/mail/{name}/html", is_for_development=True)
async def show_html(ctx: PageContext) -> Response:
    """For the sandboxed frame of the email's page."""
    email = await _email(ctx)
    return HTMLResponse(emails.with_links_in_new_windows(email.html), headers=_HTML_HEADERS)


async def _email(ctx: PageContext) -> InboxEmail:
    email = await asyncio.to_thread(emails.find, ctx.inbox, ctx.path_params["name"])
    if email is None:
        raise EmailUnknown
    return email
