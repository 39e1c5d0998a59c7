"""Product permissions, and the errors about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tenantry.kit.refusals import Conflict, Invalid
from tenantry.platform.audit.model import Change, Snapshot

MOST = 500
"""The most that a product may declare, because the form of a role shows all of them."""


class PermissionTaken(Conflict):
    code = "permission_taken"
    detail = "A permission with this name already exists."


class PermissionInUse(Conflict):
    """Roles have the permission, so it cannot be withdrawn; `uses` counts them."""

    code = "permission_in_use"
    detail = "Some roles still have this permission. Remove it from them first."

    def __init__(self, uses: "Uses") -> None:
        super().__init__(roles=uses.roles, organizations=uses.organizations)


class PermissionUnknown(Invalid):
    """The permission is not declared; `place` is its position in the request."""

    code = "permission_unknown"

    def __init__(self, place: int) -> None:
        super().__init__(f"#/permissions/{place}", "There is no such permission.")


@dataclass(frozen=True, slots=True)
class Uses:
    """The number of roles that have a permission, and of their organizations."""

    roles: int
    organizations: int


@dataclass(frozen=True, slots=True)
class ProductPermission:
    name: str
    description: str
    created_at: datetime
    updated_at: datetime

    def snapshot(self) -> Snapshot:
        return {"description": self.description}

    def became(self, before: Snapshot | None, after: Snapshot | None) -> Change:
        """The change that declares, describes or withdraws it."""
        return Change("permission", self.name, before, after)


class UsedPermission(NamedTuple):
    permission: ProductPermission
    uses: Uses
