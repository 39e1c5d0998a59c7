"""The devices on which the user is signed in."""

from starlette.responses import Response

from tenantry.console.account.profile import breadcrumbs
from tenantry.console.paging import page_request
from tenantry.console.routing import user_page
from tenantry.console.texts.devices import device
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.identity.sessions import actions as sessions
from tenantry.kit.ids import Kind, parse
from tenantry.kit.refusals import NotFound


@user_page("/account/sessions")
async def index(page: UserPage) -> Response:
    wanted = page_request(page.ctx, Kind.SESSION, newest_first=True)
    return page.render(
        "account/sessions.html",
        sessions=await sessions.list_sessions(page.reading, wanted),
        current=page.claims.session_id,
        device=device,
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("GET", "/me/sessions"),
    )


@index.post
async def end(page: UserPage) -> Response:
    """NotFound. Needs no confirmation: signing in again undoes it."""
    session_id = parse(Kind.SESSION, (await page.ctx.form()).text("session"))
    if session_id is None:
        raise NotFound
    await page.write_as_self(lambda tx, actor: sessions.end(tx, actor.id, session_id))
    return page.redirect(page.ctx.path, mark("Session ended. The device is signed out."))
