"""The page on which an organization is chosen."""

from starlette.responses import Response

from tenantry.console.paging import page_request
from tenantry.console.user_pages import Guest
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle

_MOST = 100


async def show(guest: Guest) -> Response:
    """Show the organizations that somebody belongs to, or those that they may restore."""
    if guest.visit.query("status") == "deleted":
        return await _show_deleted(guest)
    wanted = page_request(guest.visit, Kind.ORGANIZATION)
    mine = await organizations.list_mine(guest.reading, wanted, slug=None)
    return guest.page(
        "organizations.html",
        mine=mine,
        kind=Kind.ORGANIZATION,
        curl=guest.curl("GET", "/organizations"),
    )


async def _show_deleted(guest: Guest) -> Response:
    deleted = await lifecycle.list_deleted(guest.reading, PageRequest(_MOST), slug=None)
    return guest.page(
        "deleted_organizations.html",
        deleted=[(show_id(Kind.ORGANIZATION, each.id), each) for each in deleted.items],
        curl=guest.curl("GET", "/organizations?status=deleted"),
    )
