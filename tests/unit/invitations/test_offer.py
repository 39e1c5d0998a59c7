"""What may be offered to whom, by whom."""

from datetime import timedelta

import pytest
from hypothesis import given

from tenantry.authz.authority import CannotGrantRole
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.roles.model import Role, RoleName, RoleUnknown
from tenantry.kit.ids import Kind, new_id, show
from tenantry.kit.limits import LimitReached, Limits
from tenantry.kit.refusals import Refusal
from tenantry.tenancy.invitations import rules
from tenantry.tenancy.invitations.model import (
    AddressStatus,
    InvitationFacts,
    InvitationPending,
    InvitationRequest,
    Offer,
)
from tenantry.tenancy.memberships.model import AlreadyMember
from tenantry.tenancy.workspaces.model import Workspace, WorkspaceArchived, WorkspaceUnknown
from tests.unit.roles_of import NOW, grantor_of, permissions, role_of

LIMITS = Limits(members=3, pending_invitations=5)
WEEK = timedelta(days=7)
UNKNOWN = AddressStatus(is_member=False, pending_id=None, pending_until=None)


def workspace(*, archived: bool = False) -> Workspace:
    """A workspace as the one sees it who offers a seat in it."""
    at = NOW if archived else None
    return Workspace(new_id(), new_id(), "Lab", "lab", "", False, "organization", {}, at, NOW, NOW)


def offer(
    own: frozenset[str],
    role: frozenset[str],
    *there: frozenset[str],
    address: AddressStatus = UNKNOWN,
) -> Offer:
    """What comes of somebody with `own` permissions offering these roles."""
    names = {f"there-{number}": role_of(each) for number, each in enumerate(there)}
    places = {new_id(): name for name in names}
    draft = InvitationRequest("n@example.com", "wanted", places, WEEK)
    roles: dict[RoleName, Role] = {"wanted": role_of(role), **names}
    facts = InvitationFacts(roles, dict.fromkeys(places, workspace()), address)
    return rules.offer(grantor_of(own), draft, facts, limits=LIMITS, now=NOW)


@given(permissions, permissions, permissions)
def test_no_one_invites_with_more_than_they_have(
    own: frozenset[str], role: frozenset[str], there: frozenset[str]
) -> None:
    counting = {each for each in there if Permission(each).definition.counts_in_workspace}
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
        offer(frozenset(), frozenset(), address=AddressStatus(True, None, None))


@pytest.mark.parametrize("left", [timedelta(microseconds=1), WEEK])
def test_an_open_invitation_stands_against_another_and_is_named(left: timedelta) -> None:
    pending = new_id()
    with pytest.raises(InvitationPending) as refused:
        offer(frozenset(), frozenset(), address=AddressStatus(False, pending, NOW + left))
    assert refused.value.extra == {"invitation_id": show(Kind.INVITATION, pending)}


@pytest.mark.parametrize("past", [timedelta(0), WEEK])
def test_one_whose_time_is_over_makes_room(past: timedelta) -> None:
    pending = new_id()
    made = offer(frozenset(), frozenset(), address=AddressStatus(False, pending, NOW - past))
    assert made.replaces == pending


def test_who_may_not_offer_learns_nothing_about_the_address() -> None:
    for address in (AddressStatus(True, None, None), AddressStatus(False, new_id(), NOW + WEEK)):
        with pytest.raises(CannotGrantRole):
            offer(frozenset(), frozenset(["event:read"]), address=address)


BEYOND = {"wanted": role_of(["event:read"]), "there": role_of([])}
WITHIN = {"wanted": role_of([]), "there": role_of([])}


@pytest.mark.parametrize(
    ("roles", "seen", "refusal"),
    [
        (BEYOND, False, CannotGrantRole),
        ({"wanted": BEYOND["wanted"]}, True, CannotGrantRole),
        ({"wanted": WITHIN["wanted"]}, False, RoleUnknown),
        ({"there": WITHIN["there"]}, True, RoleUnknown),
        (WITHIN, False, WorkspaceUnknown),
        (WITHIN, True, WorkspaceArchived),
    ],
)
def test_what_is_refused_is_told_in_its_order(
    roles: dict[RoleName, Role], seen: bool, refusal: type[Refusal]
) -> None:
    lab = new_id()
    draft = InvitationRequest("n@example.com", "wanted", {lab: "there"})
    member = AddressStatus(True, None, None, members=3)
    facts = InvitationFacts(roles, {lab: workspace(archived=True)} if seen else {}, member)
    with pytest.raises(refusal):
        rules.offer(grantor_of([]), draft, facts, limits=LIMITS, now=NOW)


@pytest.mark.parametrize(
    ("members", "pending", "limit", "maximum"),
    [(3, 0, "members", 3), (4, 0, "members", 3), (2, 5, "pending_invitations", 5)],
)
def test_nothing_is_offered_beyond_what_there_may_be(
    members: int, pending: int, limit: str, maximum: int
) -> None:
    with pytest.raises(LimitReached) as refused:
        offer(frozenset(), frozenset(), address=AddressStatus(False, None, None, members, pending))
    assert refused.value.extra == {"limit": limit, "maximum": maximum}


def test_the_last_place_may_be_offered() -> None:
    assert offer(frozenset(), frozenset(), address=AddressStatus(False, None, None, 2, 4))
