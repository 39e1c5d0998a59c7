"""May this permission be declared, or withdrawn? The same facts, the same verdict."""

from tenantry.authz.permissions.model import MOST, PermissionInUse, Uses
from tenantry.kit.limits import ensure_room


def ensure_declarable(*, present: int) -> None:
    """LimitReached."""
    ensure_room("permissions", MOST, present)


def ensure_unused(uses: Uses) -> None:
    """PermissionInUse, so that no tenant's role changes."""
    if uses.roles:
        raise PermissionInUse(uses)
