"""What may be withdrawn, and what may be sent again, by whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from tenantry.authz.authority import CannotGrantRole
from tenantry.authz.builtin_permissions import counting_in_workspace
from tenantry.kit.ids import new_id
from tenantry.kit.limits import LimitReached, Limits
from tenantry.tenancy.invitations import rules
from tenantry.tenancy.invitations.model import (
    AddressStatus,
    CannotGrantWorkspace,
    InvitationPending,
    InvitationSpent,
    Inviter,
    Offered,
    OfferedWorkspace,
)
from tenantry.tenancy.memberships.model import AlreadyMember
from tests.unit.roles_of import NOW, grantor_of, permissions, role_of

DAY = timedelta(days=1)
LIMITS = Limits(members=3, pending_invitations=5)


def offered(status: str = "pending", *, left: timedelta = DAY, role: frozenset[str]) -> Offered:
    return Offered(
        id=new_id(),
        org_id=new_id(),
        organization_name="Acme",
        email="n@example.com",
        status=status,
        expires_at=NOW + left,
        role=role_of(role).ref,
        role_permissions=role,
        inviter=Inviter(new_id(), "Eve"),
        inviter_permissions=frozenset(),
        joined_as=None,
        joined_user_id=None,
    )


OPEN = offered(role=frozenset())
STANDING = AddressStatus(is_member=False, pending_id=OPEN.id, pending_until=OPEN.expires_at)
POWERLESS = grantor_of([])


@given(permissions, permissions, permissions)
def test_no_one_withdraws_or_adopts_what_is_above_them(
    own: frozenset[str], role: frozenset[str], there: frozenset[str]
) -> None:
    locked, target = grantor_of(own), replace(OPEN, role_permissions=role)
    places = [OfferedWorkspace(role_of(there), is_visible=True)]
    if role | set(counting_in_workspace(there)) <= own:
        rules.ensure_revocable(locked, target, places)
        rules.ensure_adoptable(locked, target, places)
        return
    with pytest.raises(CannotGrantRole):
        rules.ensure_revocable(locked, target, places)
    with pytest.raises(CannotGrantRole):
        rules.ensure_adoptable(locked, target, places)


def test_what_somebody_does_not_see_is_withdrawn_and_not_adopted() -> None:
    unseen = [OfferedWorkspace(role_of([]), is_visible=False)]
    rules.ensure_revocable(POWERLESS, OPEN, unseen)
    with pytest.raises(CannotGrantWorkspace):
        rules.ensure_adoptable(POWERLESS, OPEN, unseen)


@pytest.mark.parametrize("status", ["accepted", "declined", "revoked"])
def test_what_was_answered_is_neither_withdrawn_nor_sent_again(status: str) -> None:
    answered = replace(OPEN, status=status)
    with pytest.raises(InvitationSpent):
        rules.ensure_open(answered, NOW)
    with pytest.raises(InvitationSpent):
        rules.ensure_resendable(answered, STANDING, limits=LIMITS, now=NOW)


@pytest.mark.parametrize("past", [replace(OPEN, status="expired"), replace(OPEN, expires_at=NOW)])
def test_what_expired_is_sent_again_and_not_withdrawn(past: Offered) -> None:
    with pytest.raises(InvitationSpent):
        rules.ensure_open(past, NOW)
    assert rules.ensure_resendable(past, STANDING, limits=LIMITS, now=NOW) is None


def test_a_member_is_not_reminded() -> None:
    standing = replace(STANDING, is_member=True)
    with pytest.raises(AlreadyMember):
        rules.ensure_resendable(OPEN, standing, limits=LIMITS, now=NOW)


def test_a_newer_one_stands_in_the_way_until_its_time_is_over() -> None:
    past, newer = replace(OPEN, status="expired"), new_id()
    with pytest.raises(InvitationPending):
        rules.ensure_resendable(
            past, AddressStatus(False, newer, NOW + DAY), limits=LIMITS, now=NOW
        )
    makes_room = rules.ensure_resendable(
        past, AddressStatus(False, newer, NOW), limits=LIMITS, now=NOW
    )
    assert makes_room == newer


def test_limits_count_for_what_comes_back_and_not_for_what_is_open() -> None:
    full = replace(STANDING, pending=5)
    rules.ensure_resendable(OPEN, full, limits=LIMITS, now=NOW)
    with pytest.raises(LimitReached):
        rules.ensure_resendable(replace(OPEN, expires_at=NOW), full, limits=LIMITS, now=NOW)
    with pytest.raises(LimitReached):
        rules.ensure_resendable(OPEN, replace(STANDING, members=3), limits=LIMITS, now=NOW)
