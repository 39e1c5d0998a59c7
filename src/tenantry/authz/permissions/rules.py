"""Whether a permission may be declared or withdrawn."""

from tenantry.authz.permissions.model import MOST, PermissionInUse, Uses
from tenantry.kit.limits import ensure_room


def ensure_declarable(*, present: int) -> None:
    """LimitReached if there are as many as a product may declare."""
    ensure_room("permissions", MOST, present)


def ensure_unused(uses: Uses) -> None:
    """PermissionInUse if a role has it, so that no tenant's role changes."""
    if uses.roles:
        raise PermissionInUse(uses)
