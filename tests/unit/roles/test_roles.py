"""Whether a role may be made, changed or deleted."""

from dataclasses import replace

import pytest
from hypothesis import given

from tenantry.authz.authority import CannotGrantRole
from tenantry.authz.builtin_permissions import BUILT_IN
from tenantry.authz.permissions.model import PermissionUnknown
from tenantry.authz.roles.model import DEFAULT_ROLES, DefaultRole, Role, RoleInUse
from tenantry.authz.roles.rules import (
    ensure_changeable,
    ensure_creatable,
    ensure_custom,
    ensure_deletable,
    ensure_may_hold,
    ensure_replaceable,
)
from tenantry.kit.limits import LimitReached, Limits
from tests.unit.roles_of import grantor_of, permissions, role_of

UNUSED = {"members": 0, "workspace_members": 0, "invitations": 0}
DEFAULTS = [replace(role_of(each.permissions, each.key), is_default=True) for each in DEFAULT_ROLES]


@given(permissions, permissions)
def test_no_one_makes_a_role_above_their_own(own: frozenset[str], wanted: frozenset[str]) -> None:
    locked = grantor_of(own)
    if wanted <= own:
        ensure_may_hold(locked, sorted(wanted), BUILT_IN)
        return
    with pytest.raises(CannotGrantRole):
        ensure_may_hold(locked, sorted(wanted), BUILT_IN)


@given(permissions)
def test_what_may_not_be_given_is_told_before_what_is_not_there(own: frozenset[str]) -> None:
    wanted = ["world:rule", "member:remove", "invoice:read", "invoice:pay"]
    known = {*BUILT_IN, "invoice:read"}
    with pytest.raises(CannotGrantRole) as refused:
        ensure_may_hold(grantor_of(own - {"member:remove"}), wanted, known)
    assert refused.value.extra == {"missing_permissions": ["invoice:read", "member:remove"]}
    with pytest.raises(PermissionUnknown) as unknown:
        ensure_may_hold(grantor_of({*BUILT_IN, "invoice:read"}), wanted[1:], known)
    assert [each["pointer"] for each in unknown.value.errors] == ["#/permissions/2"]


@pytest.mark.parametrize("present", [2, 3])
def test_there_are_no_more_than_may_be(present: int) -> None:
    limits = Limits(custom_roles=2)
    ensure_creatable(present=1, limits=limits)
    with pytest.raises(LimitReached) as refused:
        ensure_creatable(present=present, limits=limits)
    assert refused.value.extra == {"limit": "custom_roles", "maximum": 2}


@given(permissions, permissions, permissions)
def test_no_one_changes_a_role_that_was_or_gets_above_their_own(
    own: frozenset[str], before: frozenset[str], after: frozenset[str]
) -> None:
    locked, role = grantor_of(own), role_of(before)

    def propose() -> None:
        ensure_custom(locked, role)
        ensure_may_hold(locked, sorted(after), BUILT_IN)

    if before | after <= own:
        propose()
        return
    with pytest.raises(CannotGrantRole):
        propose()


@given(permissions, permissions)
def test_no_one_ends_a_role_above_their_own_or_gives_one_in_its_place(
    own: frozenset[str], ends: frozenset[str]
) -> None:
    locked, role, empty = grantor_of(own), role_of(ends), role_of([])
    if ends <= own:
        ensure_replaceable(locked, role, None)
        ensure_replaceable(locked, empty, role)
        return
    with pytest.raises(CannotGrantRole):
        ensure_replaceable(locked, role, None)
    with pytest.raises(CannotGrantRole):
        ensure_replaceable(locked, empty, role)


@pytest.mark.parametrize("use", list(UNUSED))
def test_one_in_use_ends_only_where_another_takes_its_place(use: str) -> None:
    uses = {**UNUSED, use: 1}
    with pytest.raises(RoleInUse) as refused:
        ensure_deletable(role_of([]), uses, None)
    assert refused.value.extra == uses
    ensure_deletable(role_of([]), uses, role_of([]))


@pytest.mark.parametrize("role", DEFAULTS, ids=lambda role: role.key)
def test_the_default_ones_stay_as_they_are(role: Role) -> None:
    with pytest.raises(DefaultRole):
        ensure_changeable(role)
    for replacement in (None, role_of([])):
        with pytest.raises(DefaultRole):
            ensure_deletable(role, UNUSED, replacement)


def test_one_of_their_own_may_be_changed() -> None:
    ensure_changeable(role_of([]))
