"""The first page: what this is; for who is signed in, the way to where they work."""

from starlette.responses import Response

from tenantry.authz.authorization import Entrance, Reading
from tenantry.console.page_context import Visit
from tenantry.kit.page import PageRequest
from tenantry.kit.refusals import Unauthenticated
from tenantry.tenancy.organizations import actions as organizations


async def show(visit: Visit) -> Response:
    """Show what this service is, to who is not signed in."""
    path = await _home(visit) if visit.has_session else None
    if path is not None:
        return visit.go_to(path)
    return visit.page("welcome.html", can_sign_up=visit.service.sign_up == "open")


async def _home(visit: Visit) -> str | None:
    """Where somebody who is signed in goes first: to their only organization, or to choose one."""
    claims = await visit.claims()
    if claims is None:
        return None
    reading = Reading(Entrance(claims), visit.service.database.exchange)
    try:
        mine = await organizations.list_mine(reading, PageRequest(2), slug=None)
    except Unauthenticated:
        return None
    only = len(mine.items) == 1
    return f"/organizations/{mine.items[0].slug}" if only else "/organizations"
