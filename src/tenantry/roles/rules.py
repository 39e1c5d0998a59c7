"""May this role be made, changed, deleted? The same facts, the same verdict."""

from collections.abc import Mapping

from tenantry.access.authority import Granter
from tenantry.kit.limits import Limits, must_have_room
from tenantry.roles.model import DefaultRole, Role, RoleInUse


def may_be_made(granter: Granter, role: Role, *, present: int, limits: Limits) -> None:
    """CannotGrantRole where it holds what its maker does not have; LimitReached."""
    granter.must_be_able_to_grant(role.permissions)
    must_have_room("custom_roles", limits.custom_roles, present)


def may_be_proposed(granter: Granter, role: Role, proposed: Role) -> None:
    """CannotGrantRole where it holds, or shall hold, what one does not have."""
    granter.must_be_able_to_grant([*role.permissions, *proposed.permissions])


def may_be_changed(role: Role) -> None:
    """DefaultRole."""
    if role.is_default:
        raise DefaultRole


def may_be_given_up(granter: Granter, role: Role, replacement: Role | None) -> None:
    """CannotGrantRole where it holds, or what takes its place does, what one does not have."""
    granter.must_be_able_to_grant(role.permissions)
    if replacement is not None:
        granter.must_be_able_to_grant(replacement.permissions)


def may_be_retired(role: Role, uses: Mapping[str, int], replacement: Role | None) -> None:
    """DefaultRole; RoleInUse where nothing takes its place."""
    if role.is_default:
        raise DefaultRole
    if replacement is None and any(uses.values()):
        raise RoleInUse(uses)
