"""The permission catalog: built-in permissions, and those that the product declared."""

from typing import Literal

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext
from tenantry.api.routing.declarations import Routes
from tenantry.authz.builtin_permissions import OFFERED, Permission
from tenantry.authz.permissions import actions as permissions
from tenantry.authz.permissions.model import ProductPermission
from tenantry.http.access import Requirement

route = Routes()


class PermissionView(TypedDict):
    """A permission; `in_workspace` says whether a workspace role can give it."""

    name: str
    description: str
    declared_by: Literal["service", "product"]
    in_workspace: bool


class PermissionCatalog(TypedDict):
    """All permissions: built-in ones first, then the product's by name."""

    data: list[PermissionView]


def _ours(permission: Permission) -> PermissionView:
    return {
        "name": permission.value,
        "description": permission.definition.description,
        "declared_by": "service",
        "in_workspace": permission.definition.counts_in_workspace,
    }


def _of_product(declared: ProductPermission) -> PermissionView:
    return {
        "name": declared.name,
        "description": declared.description,
        "declared_by": "product",
        "in_workspace": True,
    }


@route.get("/permissions", Requirement.SIGNED_IN, id="permissions.list", tags=("access",))
async def list_all(ctx: ReadContext) -> PermissionCatalog:
    """List every permission that a role can have."""
    declared = await permissions.list_all(ctx.reading)
    return {"data": [*map(_ours, OFFERED), *map(_of_product, declared)]}
