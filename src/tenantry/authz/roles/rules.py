"""May this role be made, changed, deleted? The same facts, the same verdict."""

from collections.abc import Collection, Mapping, Sequence

from tenantry.authz.authority import Granter
from tenantry.authz.permissions.model import PermissionUnknown
from tenantry.authz.roles.model import DefaultRole, Role, RoleInUse
from tenantry.kit.limits import Limits, must_have_room


def may_hold(granter: Granter, given: Sequence[str], known: Collection[str]) -> None:
    """CannotGrantRole where a role shall hold what one does not have; PermissionUnknown.

    Of what there is not, nothing is said but where it stands: a refusal repeats nobody's words.
    """
    granter.must_be_able_to_grant(each for each in given if each in known)
    for place, each in enumerate(given):
        if each not in known:
            raise PermissionUnknown(place)


def may_be_made(*, present: int, limits: Limits) -> None:
    """LimitReached."""
    must_have_room("custom_roles", limits.custom_roles, present)


def may_be_touched(granter: Granter, role: Role) -> None:
    """CannotGrantRole where it holds what one does not have."""
    granter.must_be_able_to_grant(role.permissions)


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
