"""The page on which an organization is chosen."""

from starlette.responses import Response

from tenantry.console.paging import page_request
from tenantry.console.routing import user_page
from tenantry.console.user_pages import UserPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle

_MOST = 100


@user_page("/organizations")
async def show(page: UserPage) -> Response:
    """Show the organizations that somebody belongs to, or those that they may restore."""
    if page.ctx.query("status") == "deleted":
        return await _show_deleted(page)
    wanted = page_request(page.ctx, Kind.ORGANIZATION)
    mine = await organizations.list_mine(page.reading, wanted, slug=None)
    return page.render(
        "organizations/organizations.html",
        mine=mine,
        kind=Kind.ORGANIZATION,
        curl=page.curl("GET", "/organizations"),
    )


async def _show_deleted(page: UserPage) -> Response:
    deleted = await lifecycle.list_deleted(page.reading, PageRequest(_MOST), slug=None)
    return page.render(
        "organizations/deleted_organizations.html",
        deleted=[(show_id(Kind.ORGANIZATION, each.id), each) for each in deleted.items],
        curl=page.curl("GET", "/organizations?status=deleted"),
    )
