"""Whether a member may go on on other terms."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from tenantry.authz.authority import CannotGrantRole
from tenantry.authz.roles.model import RoleUnknown
from tenantry.kit.ids import new_id
from tenantry.tenancy.memberships.model import (
    ACTIVE,
    SUSPENDED,
    ExpiryPassed,
    LastAdmin,
    Membership,
    MembershipFacts,
    Person,
    PersonalOrganization,
)
from tenantry.tenancy.memberships.rules import ensure_may_become, ensure_proposable
from tests.unit.roles_of import NOW, grantor_of, permissions, role_of

PERSON = Person(new_id(), "alice@example.com", "Alice")
ADMIN = Membership(new_id(), new_id(), PERSON, role_of([], "admin").ref, ACTIVE, None, NOW, NOW)
LAST = MembershipFacts(frozenset(), owns_organization=False, other_admins=0, is_lasting_admin=True)
LESS: list[dict[str, Any]] = [
    {"role": role_of([], "developer").ref},
    {"status": SUSPENDED},
    {"expires_at": NOW + timedelta(days=1)},
]


@given(permissions, permissions, permissions)
def test_no_one_gives_or_takes_more_than_they_have(
    own: frozenset[str], theirs: frozenset[str], given: frozenset[str]
) -> None:
    standing = MembershipFacts(theirs, False, 1, False)
    if theirs | given <= own:
        ensure_proposable(grantor_of(own), standing, role_of(given), expires_at=None, now=NOW)
        return
    with pytest.raises(CannotGrantRole):
        ensure_proposable(grantor_of(own), standing, role_of(given), expires_at=None, now=NOW)


@pytest.mark.parametrize("past", [timedelta(), timedelta(days=1)])
def test_no_membership_ends_before_now(past: timedelta) -> None:
    with pytest.raises(ExpiryPassed):
        ensure_proposable(grantor_of([]), LAST, role_of([]), expires_at=NOW - past, now=NOW)


def test_what_is_refused_is_told_in_its_order() -> None:
    above = replace(LAST, role_permissions=frozenset(["event:read"]))
    granters = grantor_of([]), grantor_of(["event:read"])
    for locked, refusal in zip(granters, (CannotGrantRole, RoleUnknown), strict=True):
        with pytest.raises(refusal):
            ensure_proposable(locked, above, None, expires_at=NOW, now=NOW)


@pytest.mark.parametrize("less", LESS)
def test_the_last_lasting_admin_stays_one(less: dict[str, Any]) -> None:
    with pytest.raises(LastAdmin):
        ensure_may_become(LAST, replace(ADMIN, **less))
    ensure_may_become(replace(LAST, other_admins=1), replace(ADMIN, **less))


def test_the_last_admin_who_stays_one_may_have_another_role_id() -> None:
    ensure_may_become(LAST, replace(ADMIN, role=role_of([], "admin").ref))


@pytest.mark.parametrize("less", LESS)
def test_an_owner_stays_what_they_are(less: dict[str, Any]) -> None:
    with pytest.raises(PersonalOrganization):
        ensure_may_become(
            replace(LAST, owns_organization=True, other_admins=5), replace(ADMIN, **less)
        )
