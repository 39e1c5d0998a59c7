"""A permission of the product's own; and what stands against declaring or withdrawing one."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tenantry.kit.refusals import Conflict, Invalid
from tenantry.platform.audit.model import Change, Snapshot

MOST = 500
"""How many a product may declare: who makes a role is shown all of them."""


class PermissionTaken(Conflict):
    """It is declared already."""

    code = "permission_taken"
    detail = "A permission of this name is declared already."


class PermissionInUse(Conflict):
    """Roles hold it, so it cannot vanish; `uses` counts them."""

    code = "permission_in_use"
    detail = "Roles of organizations hold this permission; it can go once none does."

    def __init__(self, uses: "Uses") -> None:
        super().__init__(roles=uses.roles, organizations=uses.organizations)


class PermissionUnknown(Invalid):
    """Nobody declared it; `place` tells which of those that were given is meant."""

    code = "permission_unknown"

    def __init__(self, place: int) -> None:
        super().__init__(f"#/permissions/{place}", "There is no such permission.")


@dataclass(frozen=True, slots=True)
class Uses:
    """By how many roles a permission is held, in how many organizations."""

    roles: int
    organizations: int


@dataclass(frozen=True, slots=True)
class ProductPermission:
    """A permission of the product's own."""

    name: str
    description: str
    created_at: datetime
    updated_at: datetime

    def snapshot(self) -> Snapshot:
        """What events tell of it."""
        return {"description": self.description}

    def became(self, before: Snapshot | None, after: Snapshot | None) -> Change:
        """That it was declared, described anew, or withdrawn."""
        return Change("permission", self.name, before, after)


class UsedPermission(NamedTuple):
    """A permission of the product's own, and its uses."""

    permission: ProductPermission
    uses: Uses
