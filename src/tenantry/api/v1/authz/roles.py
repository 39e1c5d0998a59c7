"""Roles."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Name, Query, RoleId, RoleKey, Text
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.authz.permission_names import PermissionName
from tenantry.api.v1.schemas import OrganizationIdText, RoleIdText
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.actions import NewRole
from tenantry.authz.roles.model import Role
from tenantry.http.request import DOCUMENT_BODY
from tenantry.kit.ids import Kind, show
from tenantry.tenancy.replacement import actions as retirements

route = Routes("/organizations/{org_id}/roles")

# As many as there can be: the catalog of the service, and all that a product may declare.
Permissions = Annotated[list[PermissionName], Field(max_length=1000)]


class RoleView(TypedDict):
    """A named set of permissions."""

    id: RoleIdText
    organization_id: OrganizationIdText
    key: str
    name: str
    description: str
    permissions: list[str]
    is_default: bool
    created_at: datetime
    updated_at: datetime


class RoleCreate(Body):
    """A new role. Without a key, its key is derived from the name."""

    name: Name
    key: RoleKey | None = None
    description: Text = ""
    permissions: Permissions


class RoleUpdate(Body):
    """The fields to change. A role's key cannot change."""

    # Absent is not null: what has no value of its own to fall back on cannot be removed.
    name: Name = Field(default_factory=str)
    description: Text = Field(default_factory=str)
    permissions: Permissions = Field(default_factory=list[str])


class RoleDeletion(Query):
    """The role that replaces the deleted one where it is in use."""

    replace_with: RoleId | None = None


def view(role: Role) -> RoleView:
    return {
        "id": show(Kind.ROLE, role.id),
        "organization_id": show(Kind.ORGANIZATION, role.org_id),
        "key": role.key,
        "name": role.name,
        "description": role.description,
        "permissions": role.permissions,
        "is_default": role.is_default,
        "created_at": role.created_at,
        "updated_at": role.updated_at,
    }


@route.get("", Permission.ROLE_READ, id="roles.list", tags=("organizations", "roles"))
async def list_of_organization(ctx: ReadContext, query: ListQuery[RoleId]) -> ListOf[RoleView]:
    """List the roles of an organization, with their permissions."""
    return listed(await roles.list_roles(ctx.reading, query.page), Kind.ROLE, view)


@route.get("/{role_id}", Permission.ROLE_READ, id="roles.get")
async def get(ctx: ReadContext, role_id: RoleId) -> RoleView:
    """Get a role of an organization."""
    return view(await roles.get(ctx.reading, role_id))


@route.post(
    "",
    Permission.ROLE_MANAGE,
    id="roles.create",
    creates="/organizations/{organization_id}/roles/{id}",
    largest_body=DOCUMENT_BODY,
)
async def create(ctx: WriteContext, body: RoleCreate) -> RoleView:
    """Create a role; it cannot have permissions that your own role lacks."""
    draft = NewRole(body.name, body.key, body.description, body.permissions)
    return view(await roles.create(ctx.tx, ctx.authority, ctx.service.limits, draft))


@route.patch(
    "/{role_id}",
    Permission.ROLE_MANAGE,
    id="roles.update",
    refuses={409, 412, 428},
    largest_body=DOCUMENT_BODY,
)
async def update(ctx: WriteContext, role_id: RoleId, body: RoleUpdate) -> RoleView:
    """Change a role; everyone who has it is affected from their next request on, and `If-Match` is
    required."""
    given = body.model_dump(exclude_unset=True)
    expected = ctx.if_match(view, is_required=True)
    return view(await roles.update(ctx.tx, ctx.authority, role_id, given, expected=expected))


@route.delete("/{role_id}", Permission.ROLE_MANAGE, id="roles.delete", refuses={409})
async def delete(ctx: WriteContext, role_id: RoleId, query: RoleDeletion) -> None:
    """Delete a role; if it is in use, `replace_with` names the role that replaces it."""
    await retirements.replace_role(ctx.in_organization, role_id, replace_with=query.replace_with)
