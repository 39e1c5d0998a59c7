"""The one rule to grant: no one gives what they do not have."""

import pytest
from hypothesis import given

from tenantry.authz.authority import CannotGrantRole, ensure_covers
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles.model import DEFAULT_ROLES, Blueprint
from tests.unit.roles_of import grantor_of, permissions


@given(permissions, permissions)
def test_a_role_is_given_only_by_who_has_all_of_it(
    own: frozenset[str], given_away: frozenset[str]
) -> None:
    locked = grantor_of(own)
    if given_away <= own:
        locked.ensure_can_grant(given_away)
        return
    with pytest.raises(CannotGrantRole) as refused:
        locked.ensure_can_grant(given_away)
    assert refused.value.extra == {"missing_permissions": sorted(given_away - own)}


@given(permissions)
def test_everybody_can_give_their_own_role_and_no_one_less_gives_it(own: frozenset[str]) -> None:
    ensure_covers(own, own)
    for missed in own:
        with pytest.raises(CannotGrantRole):
            ensure_covers(own - {missed}, own)


def test_of_the_default_roles_each_gives_those_below_it() -> None:
    given_by = {
        giver.key: [each.key for each in DEFAULT_ROLES if _covers(giver.permissions, each)]
        for giver in DEFAULT_ROLES
    }
    assert given_by == {
        "admin": ["admin", "developer", "viewer"],
        "developer": ["developer", "viewer"],
        "viewer": ["viewer"],
    }


def _covers(own: list[str], wanted: Blueprint) -> bool:
    try:
        ensure_covers(own, wanted.permissions)
    except CannotGrantRole:
        return False
    return True


def test_in_a_workspace_only_what_is_about_workspaces_counts() -> None:
    assert {each.value for each in Permission if each.definition.counts_in_workspace} == {
        "workspace:read",
        "workspace:update",
        "workspace:delete",
        "workspace:manage_members",
    }
