"""May this permission be declared, or withdrawn? The same facts, the same verdict."""

from tenantry.authz.permissions.model import MOST, PermissionInUse, Uses
from tenantry.kit.limits import ensure_room


def ensure_declarable(*, present: int) -> None:
    """LimitReached where there are as many as anybody can look through."""
    ensure_room("permissions", MOST, present)


def ensure_unused(uses: Uses) -> None:
    """PermissionInUse: what a role of a tenant says stays true."""
    if uses.roles:
        raise PermissionInUse(uses)
