"""Roles on the wire."""

from datetime import datetime

from typing_extensions import TypedDict

from tenantry.api.context import ReadingHere
from tenantry.api.fields import RoleId
from tenantry.api.paging import ListOf, ListQuery, listed
from tenantry.api.shown import OrganizationIdText, RoleIdText, organization_id
from tenantry.kit.ids import Kind, show
from tenantry.roles import actions as roles
from tenantry.roles.model import Role


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


class RolesQuery(ListQuery[RoleId]):
    """Which roles."""


def view(role: Role) -> RoleView:
    """A role as it is sent."""
    return {
        "id": show(Kind.ROLE, role.id),
        "organization_id": organization_id(role.org_id),
        "key": role.key,
        "name": role.name,
        "description": role.description,
        "permissions": role.permissions,
        "is_default": role.is_default,
        "created_at": role.created_at,
        "updated_at": role.updated_at,
    }


async def list_of_organization(here: ReadingHere, query: RolesQuery) -> ListOf[RoleView]:
    """List the roles of an organization, with the permissions that each has."""
    return listed(await roles.list_roles(here.reading, query.page), Kind.ROLE, view)
