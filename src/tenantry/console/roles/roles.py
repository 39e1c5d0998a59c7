"""Roles: all of them as a matrix, one role, and a new one."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.actions import NewRole
from tenantry.authz.roles.model import Role
from tenantry.console.forms.confirmation import Breadcrumb
from tenantry.console.forms.form import Form
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.texts.permissions import catalog
from tenantry.console.user_pages import OrganizationPage
from tenantry.http.request import DOCUMENT_BODY
from tenantry.kit.ids import Kind, parse
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Membership

_AT_ONCE = 200
_MOST_HOLDERS = 10
LONGEST_DESCRIPTION = 500


@organization_page("/roles", Permission.ROLE_READ)
async def index(page: OrganizationPage) -> Response:
    """A matrix: a column per role, a row per permission."""
    return page.render(
        "roles/roles.html",
        roles=await all_roles(page),
        groups=(await catalog(page)).all,
        curl=page.curl("GET", f"/organizations/{page.org_id}/roles"),
    )


@organization_page("/roles/{role_id}", Permission.ROLE_READ)
async def show(page: OrganizationPage) -> Response:
    role = await roles.get(page.reading, page.ids["role_id"])
    return page.render(
        "roles/role.html",
        role=role,
        role_id=id_of(role),
        groups=(await catalog(page)).grouped(role.permissions),
        holders=await holders(page, role),
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("GET", api_path(page, role)),
    )


@organization_page("/roles/new", Permission.ROLE_MANAGE, largest_form=DOCUMENT_BODY)
async def new(page: OrganizationPage) -> Response:
    """`like` in the query is the role whose permissions are ticked."""
    known = await all_roles(page)
    like = parse(Kind.ROLE, page.ctx.query("like"))
    template = next((role for role in known if role.id == like), None)
    example = {"name": "Auditor", "permissions": ["organization:read", "event:read"]}
    return page.render(
        "roles/new_role.html",
        groups=(await catalog(page)).all,
        ticked=template.permissions if template else ["organization:read"],
        grantable=page.reading.permissions,
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("POST", f"/organizations/{page.org_id}/roles", example),
    )


@new.post
async def create(page: OrganizationPage) -> Response:
    """RoleKeyTaken, CannotGrantRole, LimitReached."""
    form = await page.form()
    draft = NewRole(
        form.name("name"),
        form.role_key("key"),
        form.text("description", most=LONGEST_DESCRIPTION),
        ticked_permissions(form),
    )
    form.ensure_valid()
    role = await page.write(
        lambda tx, authority: roles.create(tx, authority, page.service.limits, draft)
    )
    path = f"{page.base}/roles/{id_of(role)}"
    return page.redirect(path, mark("Role {name} created"), name=role.name)


async def all_roles(page: OrganizationPage) -> list[Role]:
    """Not paginated: the matrix has a column for each."""
    found, after = list[Role](), None
    while True:
        listed = await roles.list_roles(page.reading, PageRequest(_AT_ONCE, after=after))
        found.extend(listed.items)
        after = listed.after
        if after is None:
            return found


async def holders(page: OrganizationPage, role: Role) -> list[Membership] | None:
    """The first members who have the role; None if the user may not see members."""
    if not page.may(Permission.MEMBER_READ):
        return None
    reader = page.reading_with(Permission.MEMBER_READ)
    wanted = PageRequest(_MOST_HOLDERS)
    listed = await memberships.list_members(reader, wanted, email=None, role=role.id)
    return list(listed.items)


def ticked_permissions(form: Form) -> list[str]:
    return sorted(form.ticked("permission:"))


def breadcrumbs(page: OrganizationPage, role: Role | None = None) -> list[Breadcrumb]:
    path = f"{page.base}/roles"
    first = (path, page.ctx.translate(mark("Roles")))
    return [first, (f"{path}/{id_of(role)}", role.name)] if role else [first]


def id_of(role: Role) -> str:
    return show_id(Kind.ROLE, role.id)


def api_path(page: OrganizationPage, role: Role) -> str:
    return f"/organizations/{page.org_id}/roles/{id_of(role)}"
