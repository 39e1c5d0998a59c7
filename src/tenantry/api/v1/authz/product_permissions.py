"""The product's own permissions, managed by operators."""

from datetime import datetime

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Text
from tenantry.api.v1.authz.permission_names import ProductPermissionName
from tenantry.authz.permissions import actions as permissions
from tenantry.authz.permissions.actions import NO_USES
from tenantry.authz.permissions.model import ProductPermission, Uses
from tenantry.http.access import Requirement

route = Routes("/operator/permissions")


class PermissionUsesView(TypedDict):
    """How many roles have the permission, in how many organizations."""

    roles: int
    organizations: int


class ProductPermissionView(TypedDict):
    """A permission that the product declared."""

    name: str
    description: str
    uses: PermissionUsesView
    created_at: datetime
    updated_at: datetime


class ProductPermissions(TypedDict):
    """All of the product's permissions, by name."""

    data: list[ProductPermissionView]


class PermissionDeclaration(Body):
    """A new permission of the product."""

    name: ProductPermissionName
    description: Text = ""


class PermissionUpdate(Body):
    """A new description. The name cannot change, because roles and code refer to it."""

    description: Text


def view(declared: ProductPermission, uses: Uses) -> ProductPermissionView:
    return {
        "name": declared.name,
        "description": declared.description,
        "uses": {"roles": uses.roles, "organizations": uses.organizations},
        "created_at": declared.created_at,
        "updated_at": declared.updated_at,
    }


@route.get("", Requirement.OPERATOR, id="operator.list_permissions")
async def list_all(ctx: ReadContext) -> ProductPermissions:
    """List the product's permissions, with the number of roles that have each."""
    return {"data": [view(*each) for each in await permissions.list_used(ctx.reading)]}


@route.get("/{permission}", Requirement.OPERATOR, id="operator.get_permission")
async def get(ctx: ReadContext, permission: str) -> ProductPermissionView:
    """Get one of the product's permissions."""
    return view(*await permissions.get(ctx.reading, permission))


@route.post(
    "",
    Requirement.OPERATOR,
    id="operator.declare_permission",
    creates="/operator/permissions/{name}",
)
async def declare(ctx: WriteContext, body: PermissionDeclaration) -> ProductPermissionView:
    """Declare a permission of the product: roles can have it, and Admins have it at once."""
    declared = await permissions.declare(ctx.tx, ctx.operator, body.name, body.description)
    return view(declared, NO_USES)


@route.patch("/{permission}", Requirement.OPERATOR, id="operator.update_permission", refuses={412})
async def update(
    ctx: WriteContext, permission: str, body: PermissionUpdate
) -> ProductPermissionView:
    """Change the description of a permission."""
    updated = await permissions.update(
        ctx.tx,
        ctx.operator,
        permission,
        description=body.description,
        expected=ctx.if_match(lambda present: view(*present)),
    )
    return view(*updated)


@route.delete(
    "/{permission}", Requirement.OPERATOR, id="operator.withdraw_permission", refuses={409}
)
async def withdraw(ctx: WriteContext, permission: str) -> None:
    """Withdraw a permission; while a role has it, this is `409 permission_in_use`."""
    await permissions.withdraw(ctx.tx, ctx.operator, permission)
