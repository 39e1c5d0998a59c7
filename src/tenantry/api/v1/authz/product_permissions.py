"""The product's own permissions in the hands of operators, on the wire."""

from datetime import datetime

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.fields import Body, Text
from tenantry.api.operations import Requirement
from tenantry.api.routing import Routes
from tenantry.api.v1.authz.permission_names import ProductPermissionName
from tenantry.authz.permissions import actions as permissions
from tenantry.authz.permissions.actions import NO_USES
from tenantry.authz.permissions.model import ProductPermission, Uses

route = Routes()


class PermissionUsesView(TypedDict):
    """How many roles hold a permission by name, in how many organizations."""

    roles: int
    organizations: int


class ProductPermissionView(TypedDict):
    """A permission of the product's own, as operators are shown it."""

    name: str
    description: str
    uses: PermissionUsesView
    created_at: datetime
    updated_at: datetime


class ProductPermissions(TypedDict):
    """All of them, by name."""

    data: list[ProductPermissionView]


class PermissionDeclaration(Body):
    """A new permission of the product's own."""

    name: ProductPermissionName
    description: Text = ""


class PermissionUpdate(Body):
    """What changes; the name stays, for roles and code rest on it."""

    description: Text


def view(declared: ProductPermission, uses: Uses) -> ProductPermissionView:
    """A permission as it is sent."""
    return {
        "name": declared.name,
        "description": declared.description,
        "uses": {"roles": uses.roles, "organizations": uses.organizations},
        "created_at": declared.created_at,
        "updated_at": declared.updated_at,
    }


@route.get("/operator/permissions", Requirement.OPERATOR, id="operator.list_permissions")
async def list_all(ctx: ReadContext) -> ProductPermissions:
    """List the product's own permissions, each with how many roles hold it."""
    return {"data": [view(*each) for each in await permissions.list_used(ctx.reading)]}


@route.get(
    "/operator/permissions/{permission}",
    Requirement.OPERATOR,
    id="operator.get_permission",
    refuses={404},
)
async def get(ctx: ReadContext, permission: str) -> ProductPermissionView:
    """Get one of the product's own permissions."""
    return view(*await permissions.get(ctx.reading, permission))


@route.post(
    "/operator/permissions",
    Requirement.OPERATOR,
    id="operator.declare_permission",
    creates="/operator/permissions/{name}",
)
async def declare(ctx: WriteContext, body: PermissionDeclaration) -> ProductPermissionView:
    """Declare a permission of the product's own: roles can hold it, and Admins have it at once."""
    declared = await permissions.declare(ctx.tx, ctx.operator, body.name, body.description)
    return view(declared, NO_USES)


@route.patch(
    "/operator/permissions/{permission}",
    Requirement.OPERATOR,
    id="operator.update_permission",
    refuses={404, 412},
)
async def update(
    ctx: WriteContext, permission: str, body: PermissionUpdate
) -> ProductPermissionView:
    """Say anew what a permission allows."""
    declared, uses = await permissions.lock(ctx.tx, permission)

    def as_sent(present: ProductPermission) -> ProductPermissionView:
        return view(present, uses)

    ctx.if_match(as_sent)(declared)
    changed = permissions.describe(ctx.tx, ctx.operator, declared, body.description)
    return view(changed, uses)


@route.delete(
    "/operator/permissions/{permission}",
    Requirement.OPERATOR,
    id="operator.withdraw_permission",
    refuses={404, 409},
)
async def withdraw(ctx: WriteContext, permission: str) -> None:
    """Withdraw a permission; as long as any role holds it: `409 permission_in_use`."""
    await permissions.withdraw(ctx.tx, ctx.operator, permission)
