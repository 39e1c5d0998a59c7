"""The organizations of a user: the list, the deleted ones, and a new one."""

from starlette.responses import Response

from tenantry.console.paging import page_request
from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle
from tenantry.tenancy.organizations.actions import NewOrganization

_MOST_DELETED = 100


@user_page("/organizations")
async def index(page: UserPage) -> Response:
    """With `status=deleted` in the query, those that the user may restore."""
    if page.ctx.query("status") == "deleted":
        return await _list_deleted(page)
    wanted = page_request(page.ctx, Kind.ORGANIZATION)
    return page.render(
        "organizations/organizations.html",
        organizations=await organizations.list_mine(page.reading, wanted, slug=None),
        curl=page.curl("GET", "/organizations"),
    )


async def _list_deleted(page: UserPage) -> Response:
    deleted = await lifecycle.list_deleted(page.reading, PageRequest(_MOST_DELETED), slug=None)
    return page.render(
        "organizations/deleted_organizations.html",
        deleted=[(show_id(Kind.ORGANIZATION, each.id), each) for each in deleted.items],
        curl=page.curl("GET", "/organizations?status=deleted"),
    )


@user_page("/organizations/new")
async def new(page: UserPage) -> Response:
    curl = page.curl("POST", "/organizations", {"name": "Acme", "slug": "acme"})
    return page.render("organizations/new_organization.html", curl=curl)


@new.post
async def create(page: UserPage) -> Response:
    """SlugTaken, LimitReached."""
    form = await page.form()
    draft = NewOrganization(form.name("name"), form.slug("slug"))
    form.ensure_valid()
    created = await page.write_as_self(
        lambda tx, actor: organizations.create(tx, actor, page.service.limits, draft)
    )
    organization = created.organization
    message = mark("{name} created. You are its Admin.")
    return page.redirect(f"/organizations/{organization.slug}", message, name=organization.name)
