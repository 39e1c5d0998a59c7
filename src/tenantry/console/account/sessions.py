"""The devices on which somebody is signed in."""

from starlette.responses import Response

from tenantry.console.account.profile import trail
from tenantry.console.paging import page_request
from tenantry.console.texts.devices import device
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import Guest
from tenantry.identity.sessions import actions as sessions
from tenantry.kit.ids import Kind, parse
from tenantry.kit.refusals import NotFound

_PATH = "/account/sessions"
_ENDED = mark("That session is over: whoever has it is signed out.")


async def show(guest: Guest) -> Response:
    """Show the sessions, the newest first."""
    wanted = page_request(guest.visit, Kind.SESSION, newest_first=True)
    return guest.page(
        "sessions.html",
        sessions=await sessions.list_sessions(guest.reading, wanted),
        current=guest.claims.session_id,
        device=device,
        trail=trail(guest),
        kinds=Kind,
        curl=guest.curl("GET", "/me/sessions"),
    )


async def end(guest: Guest) -> Response:
    """End one of them, which signing in there again makes good. NotFound."""
    session_id = parse(Kind.SESSION, (await guest.visit.form()).text("session"))
    if session_id is None:
        raise NotFound
    async with guest.writing() as (tx, actor):
        await sessions.end(tx, actor.id, session_id)
    return guest.go_to(_PATH, _ENDED)
