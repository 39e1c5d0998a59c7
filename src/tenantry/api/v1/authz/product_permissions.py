"""The product's own permissions in the hands of operators, on the wire."""

from datetime import datetime

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.fields import Body, Text
from tenantry.api.v1.authz.permission_names import ProductPermissionName
from tenantry.authz.permissions import actions as permissions
from tenantry.authz.permissions.actions import NO_USES
from tenantry.authz.permissions.model import ProductPermission, Uses


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


async def list_all(ctx: ReadContext) -> ProductPermissions:
    """List the product's own permissions, each with how many roles hold it."""
    return {"data": [view(*each) for each in await permissions.list_used(ctx.reading)]}


async def get(ctx: ReadContext) -> ProductPermissionView:
    """Get one of the product's own permissions."""
    return view(*await permissions.get(ctx.reading, ctx.names["permission"]))


async def declare(ctx: WriteContext, body: PermissionDeclaration) -> ProductPermissionView:
    """Declare a permission of the product's own: roles can hold it, and Admins have it at once."""
    declared = await permissions.declare(ctx.tx, ctx.operator, body.name, body.description)
    return view(declared, NO_USES)


async def update(ctx: WriteContext, body: PermissionUpdate) -> ProductPermissionView:
    """Say anew what a permission allows."""
    declared, uses = await permissions.lock(ctx.tx, ctx.names["permission"])
    ctx.ensure_match(view(declared, uses))
    changed = permissions.describe(ctx.tx, ctx.operator, declared, body.description)
    return view(changed, uses)


async def withdraw(ctx: WriteContext) -> None:
    """Withdraw a permission; as long as any role holds it: `409 permission_in_use`."""
    await permissions.withdraw(ctx.tx, ctx.operator, ctx.names["permission"])
