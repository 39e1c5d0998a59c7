"""May this permission be declared, or withdrawn? The same facts, the same verdict."""

from tenantry.authz.permissions.model import MOST, PermissionInUse, Uses
from tenantry.kit.limits import must_have_room


def may_be_declared(*, present: int) -> None:
    """LimitReached where there are as many as anybody can look through."""
    must_have_room("permissions", MOST, present)


def may_be_withdrawn(uses: Uses) -> None:
    """PermissionInUse: what a role of a tenant says stays true."""
    if uses.roles:
        raise PermissionInUse(uses)
