"""What may be offered to whom, by whom."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from tenantry.access.authority import CannotGrantRole
from tenantry.access.permissions import Permission
from tenantry.invitations import rules
from tenantry.invitations.model import InvitationPending, Offer, Standing
from tenantry.kit.ids import Kind, new_id, show
from tenantry.kit.limits import LimitReached, Limits
from tenantry.memberships.model import AlreadyMember
from tests.rules.roles_of import NOW, granter_of, permissions, role_of

LIMITS = Limits(members=3, pending_invitations=5)
WEEK = timedelta(days=7)
UNKNOWN = Standing(is_member=False, pending_id=None, pending_until=None)


def offer(
    own: frozenset[str], role: frozenset[str], *there: frozenset[str], standing: Standing = UNKNOWN
) -> Offer:
    """What comes of somebody with `own` permissions offering these roles."""
    workspaces = {new_id(): role_of(each) for each in there}
    granter = granter_of(own)
    known: dict[str, Any] = {"limits": LIMITS, "now": NOW, "lifetime": WEEK}
    return rules.offer(granter, "n@example.com", role_of(role), workspaces, standing, **known)


@given(permissions, permissions, permissions)
def test_nobody_offers_more_than_they_have(
    own: frozenset[str], role: frozenset[str], there: frozenset[str]
) -> None:
    counting = {each for each in there if Permission(each).counts_in_workspace}
    if role | counting <= own:
        assert offer(own, role, there).expires_at == NOW + WEEK
        return
    with pytest.raises(CannotGrantRole):
        offer(own, role, there)


@given(permissions)
def test_a_role_counts_in_a_workspace_as_far_as_it_is_about_workspaces(
    role: frozenset[str],
) -> None:
    counting = rules.counting_in_workspace(role)
    assert set(counting) <= role
    assert all(each.startswith("workspace:") for each in counting)
    assert "workspace:create" not in counting
    assert set(role) - set(counting) == {
        each for each in role if not each.startswith("workspace:") or each == "workspace:create"
    }


def test_a_member_is_not_invited() -> None:
    with pytest.raises(AlreadyMember):
        offer(frozenset(), frozenset(), standing=Standing(True, None, None))


@pytest.mark.parametrize("left", [timedelta(microseconds=1), WEEK])
def test_an_open_invitation_stands_against_another_and_is_named(left: timedelta) -> None:
    pending = new_id()
    with pytest.raises(InvitationPending) as refused:
        offer(frozenset(), frozenset(), standing=Standing(False, pending, NOW + left))
    assert refused.value.extra == {"invitation_id": show(Kind.INVITATION, pending)}


@pytest.mark.parametrize("past", [timedelta(0), WEEK])
def test_one_whose_time_is_over_makes_room(past: timedelta) -> None:
    pending = new_id()
    made = offer(frozenset(), frozenset(), standing=Standing(False, pending, NOW - past))
    assert made.replaces == pending


def test_who_may_not_offer_learns_nothing_about_the_address() -> None:
    for standing in (Standing(True, None, None), Standing(False, new_id(), NOW + WEEK)):
        with pytest.raises(CannotGrantRole):
            offer(frozenset(), frozenset(["event:read"]), standing=standing)


@pytest.mark.parametrize(
    ("members", "pending", "limit", "maximum"),
    [(3, 0, "members", 3), (4, 0, "members", 3), (2, 5, "pending_invitations", 5)],
)
def test_nothing_is_offered_beyond_what_there_may_be(
    members: int, pending: int, limit: str, maximum: int
) -> None:
    with pytest.raises(LimitReached) as refused:
        offer(frozenset(), frozenset(), standing=Standing(False, None, None, members, pending))
    assert refused.value.extra == {"limit": limit, "maximum": maximum}


def test_the_last_place_may_be_offered() -> None:
    assert offer(frozenset(), frozenset(), standing=Standing(False, None, None, 2, 4))
