"""Whether a member may be removed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.authz.authority import CannotGrantRole
from tenantry.tenancy.memberships.model import LastAdmin, MembershipFacts, PersonalOrganization
from tenantry.tenancy.memberships.rules import ensure_removable
from tests.unit.roles_of import grantor_of, permissions


@given(permissions, permissions, st.booleans(), st.integers(0, 3), st.booleans())
def test_no_removal_locks_an_organization_out_of_itself_or_reaches_above_the_own_role(
    own: frozenset[str], theirs: frozenset[str], owns: bool, others: int, lasting: bool
) -> None:
    standing = MembershipFacts(theirs, owns, others, lasting)
    locked = grantor_of(own)
    if not owns and theirs <= own and not (lasting and others == 0):
        ensure_removable(locked, standing)
        return
    with pytest.raises((PersonalOrganization, CannotGrantRole, LastAdmin)):
        ensure_removable(locked, standing)


def test_the_owner_of_a_personal_organization_stays_whoever_asks() -> None:
    with pytest.raises(PersonalOrganization):
        ensure_removable(grantor_of(["event:read"]), MembershipFacts(frozenset(), True, 5, True))


def test_the_last_lasting_admin_stays() -> None:
    with pytest.raises(LastAdmin):
        ensure_removable(grantor_of([]), MembershipFacts(frozenset(), False, 0, True))


def test_an_admin_whose_time_is_limited_may_go_as_the_last() -> None:
    ensure_removable(grantor_of([]), MembershipFacts(frozenset(), False, 0, is_lasting_admin=False))


def test_one_whose_role_is_above_the_own_stays() -> None:
    with pytest.raises(CannotGrantRole):
        ensure_removable(
            grantor_of([]), MembershipFacts(frozenset(["role:manage"]), False, 5, False)
        )
