"""Whether a member may be removed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.authz.authority import CannotGrantRole
from tenantry.tenancy.memberships.model import LastAdmin, PersonalOrganization, Standing
from tenantry.tenancy.memberships.rules import may_be_removed
from tests.rules.roles_of import granter_of, permissions


@given(permissions, permissions, st.booleans(), st.integers(0, 3), st.booleans())
def test_no_removal_locks_an_organization_out_of_itself_or_reaches_above_the_own_role(
    own: frozenset[str], theirs: frozenset[str], owns: bool, others: int, lasting: bool
) -> None:
    standing = Standing(theirs, owns, others, lasting)
    granter = granter_of(own)
    if not owns and theirs <= own and not (lasting and others == 0):
        may_be_removed(granter, standing)
        return
    with pytest.raises((PersonalOrganization, CannotGrantRole, LastAdmin)):
        may_be_removed(granter, standing)


def test_the_owner_of_a_personal_organization_stays_whoever_asks() -> None:
    with pytest.raises(PersonalOrganization):
        may_be_removed(granter_of(["event:read"]), Standing(frozenset(), True, 5, True))


def test_the_last_lasting_admin_stays() -> None:
    with pytest.raises(LastAdmin):
        may_be_removed(granter_of([]), Standing(frozenset(), False, 0, True))


def test_an_admin_whose_time_is_limited_may_go_as_the_last() -> None:
    may_be_removed(granter_of([]), Standing(frozenset(), False, 0, is_lasting_admin=False))


def test_one_whose_role_is_above_the_own_stays() -> None:
    with pytest.raises(CannotGrantRole):
        may_be_removed(granter_of([]), Standing(frozenset(["role:manage"]), False, 5, False))
