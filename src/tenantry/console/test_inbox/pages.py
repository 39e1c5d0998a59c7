"""The mail that was caught, shown to who develops: never where real mail is sent."""

import asyncio
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from tenantry.console.page_context import PageContext
from tenantry.console.test_inbox import emails
from tenantry.console.test_inbox.emails import InboxEmail
from tenantry.kit.refusals import NotFound

# A letter is somebody's words: it draws itself, loads nothing, runs nothing; its links open in a
# window of their own.
_HTML_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class EmailUnknown(NotFound):
    """The mailbox has no letter of this name."""

    code = "letter_unknown"
    detail = "There is no such letter in the mailbox."


class Mailbox:
    """The folder that letters are caught in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def list_letters(self, ctx: PageContext) -> Response:
        """Show the newest letters."""
        newest = await asyncio.to_thread(emails.newest, self._folder)
        return ctx.render("mail.html", letters=newest)

    async def show(self, ctx: PageContext) -> Response:
        """Show one letter: its headers, its text, and a frame for its HTML."""
        return ctx.render("letter.html", letter=await self._email(ctx))

    async def show_html(self, ctx: PageContext) -> Response:
        """Show a letter's HTML, fenced in."""
        letter = await self._email(ctx)
        return HTMLResponse(emails.opening_windows(letter.html), headers=_HTML_HEADERS)

    async def _email(self, ctx: PageContext) -> InboxEmail:
        name = ctx.path_params["name"]
        letter = await asyncio.to_thread(emails.find, self._folder, name)
        if letter is None:
            raise EmailUnknown
        return letter
