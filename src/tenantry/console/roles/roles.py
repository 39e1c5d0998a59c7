"""Roles: all of them as a matrix, one by itself, and a new one."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.actions import NewRole
from tenantry.authz.roles.model import Role
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

_MADE = mark("Role {name} created")
_AT_ONCE = 200
_HOLDERS = 10
LONGEST_DESCRIPTION = 500


@organization_page("/roles", Permission.ROLE_READ)
async def show(page: OrganizationPage) -> Response:
    """Show who may do what: a column for each role, a row for each permission."""
    return page.render(
        "roles/roles.html",
        roles=await all_roles(page),
        groups=(await catalog(page)).all,
        id_of=id_of,
        curl=page.curl("GET", f"/organizations/{page.org_id}/roles"),
    )


@organization_page("/roles/{role_id}", Permission.ROLE_READ)
async def show_one(page: OrganizationPage) -> Response:
    """Show one role, and who holds it as far as one may see members."""
    role = await roles.get(page.reading, page.ids["role_id"])
    return page.render(
        "roles/role.html",
        role=role,
        role_id=id_of(role),
        groups=(await catalog(page)).grouped(role.permissions),
        holders=await holders(page, role),
        curl=page.curl("GET", path_of(page, role)),
    )


@organization_page("/roles/new", Permission.ROLE_MANAGE, largest_form=DOCUMENT_BODY)
async def ask(page: OrganizationPage) -> Response:
    """Show the form of a new role; its boxes are ticked as those of the role that it is `like`."""
    known = await all_roles(page)
    like = parse(Kind.ROLE, page.ctx.query("like"))
    model = next((role for role in known if role.id == like), None)
    example = {"name": "Auditor", "permissions": ["organization:read", "event:read"]}
    return page.render(
        "roles/new_role.html",
        groups=(await catalog(page)).all,
        ticked=model.permissions if model else ["organization:read"],
        grantable=_grantable(page),
        curl=page.curl("POST", f"/organizations/{page.org_id}/roles", example),
    )


@ask.post
async def make(page: OrganizationPage) -> Response:
    """Make it. RoleKeyTaken, CannotGrantRole, LimitReached."""
    form = await page.form()
    draft = NewRole(
        form.name("name"),
        form.role_key("key"),
        form.text("description", most=LONGEST_DESCRIPTION),
        chosen(form),
    )
    form.ensure_valid()
    role = await page.write(
        lambda tx, authority: roles.create(tx, authority, page.service.limits, draft)
    )
    return page.redirect(f"{page.base}/roles/{id_of(role)}", _MADE, name=role.name)


async def all_roles(page: OrganizationPage) -> list[Role]:
    """Every role: there are as many columns as there are roles, and no less."""
    found, after = list[Role](), None
    while True:
        listed = await roles.list_roles(page.reading, PageRequest(_AT_ONCE, after=after))
        found.extend(listed.items)
        after = listed.after
        if after is None:
            return found


async def holders(page: OrganizationPage, role: Role) -> list[Membership] | None:
    """The first who hold a role in the organization; None to who may not see members."""
    if not page.may(Permission.MEMBER_READ):
        return None
    reader = page.reading_with(Permission.MEMBER_READ)
    listed = await memberships.list_members(reader, PageRequest(_HOLDERS), email=None, role=role.id)
    return list(listed.items)


def chosen(form: Form) -> list[str]:
    """The permissions that are ticked."""
    return sorted(form.ticked("permission:"))


def id_of(role: Role) -> str:
    """A role's id as the API shows it."""
    return show_id(Kind.ROLE, role.id)


def path_of(page: OrganizationPage, role: Role) -> str:
    """Where the API has a role."""
    return f"/organizations/{page.org_id}/roles/{id_of(role)}"


def _grantable(page: OrganizationPage) -> frozenset[str]:
    """What one may put into a role: what one has."""
    return page.reading.permissions
