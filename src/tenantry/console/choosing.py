"""The page on which an organization is chosen."""

from starlette.responses import Response

from tenantry.console.guests import Guest
from tenantry.console.paging import page_request
from tenantry.kit.ids import Kind
from tenantry.organizations import actions as organizations


async def show(guest: Guest) -> Response:
    """Show the organizations that somebody belongs to."""
    wanted = page_request(guest.visit, Kind.ORGANIZATION)
    mine = await organizations.list_mine(guest.reading, wanted, slug=None)
    return guest.page(
        "organizations.html",
        mine=mine,
        kind=Kind.ORGANIZATION,
        curl=guest.curl("GET", "/organizations"),
    )
