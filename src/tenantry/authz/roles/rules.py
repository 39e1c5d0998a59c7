"""Whether a role may be created, changed, deleted. Pure."""

from collections.abc import Collection, Mapping, Sequence

from tenantry.authz.authority import LockedAuthority
from tenantry.authz.permissions.model import PermissionUnknown
from tenantry.authz.roles.model import DefaultRole, Role, RoleInUse
from tenantry.kit.limits import Limits, ensure_room


def ensure_may_hold(locked: LockedAuthority, given: Sequence[str], known: Collection[str]) -> None:
    """CannotGrantRole if a role would have permissions that the caller lacks; PermissionUnknown.

    An error names an unknown permission by its position, because errors never repeat input.
    """
    locked.ensure_can_grant(each for each in given if each in known)
    for place, each in enumerate(given):
        if each not in known:
            raise PermissionUnknown(place)


def ensure_creatable(*, present: int, limits: Limits) -> None:
    ensure_room("custom_roles", limits.custom_roles, present)


def ensure_custom(locked: LockedAuthority, role: Role) -> None:
    """CannotGrantRole if it has permissions that the caller lacks."""
    locked.ensure_can_grant(role.permissions)


def ensure_changeable(role: Role) -> None:
    if role.is_default:
        raise DefaultRole


def ensure_replaceable(locked: LockedAuthority, role: Role, replacement: Role | None) -> None:
    """CannotGrantRole if the role or its replacement has permissions that the caller lacks."""
    locked.ensure_can_grant(role.permissions)
    if replacement is not None:
        locked.ensure_can_grant(replacement.permissions)


def ensure_deletable(role: Role, uses: Mapping[str, int], replacement: Role | None) -> None:
    """DefaultRole; RoleInUse without a replacement."""
    if role.is_default:
        raise DefaultRole
    if replacement is None and any(uses.values()):
        raise RoleInUse(uses)
