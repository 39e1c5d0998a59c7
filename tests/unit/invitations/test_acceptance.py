"""Whether an offered seat may be taken, by whom, and how long."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.authz.builtin_permissions import Permission
from tenantry.kit.ids import new_id
from tenantry.tenancy.invitations import rules
from tenantry.tenancy.invitations.model import (
    InvitationForAnotherEmail,
    InvitationSpent,
    Inviter,
    InviterCannotGrant,
    Offered,
    OfferedWorkspace,
)
from tests.unit.roles_of import NOW, permissions, role_of

SPENT = ["accepted", "declined", "revoked", "expired"]


def offered(
    status: str = "pending",
    *,
    left: timedelta = timedelta(days=7),
    inviter: Iterable[str] | None = (),
    role: Iterable[str] = (),
    joined: tuple[UUID, UUID] | None = None,
) -> Offered:
    """An invitation as its token finds it."""
    return Offered(
        id=new_id(),
        org_id=new_id(),
        organization_name="Acme",
        email="nora@example.com",
        status=status,
        expires_at=NOW + left,
        role=role_of(role).ref,
        role_permissions=frozenset(role),
        inviter=Inviter(new_id(), "Alice"),
        inviter_permissions=None if inviter is None else frozenset(inviter),
        joined_as=joined[0] if joined else None,
        joined_user_id=joined[1] if joined else None,
    )


@given(permissions, permissions, permissions)
def test_no_one_joins_with_more_than_the_inviter_has_today(
    inviter: frozenset[str], role: frozenset[str], there: frozenset[str]
) -> None:
    found = offered(inviter=inviter, role=role)
    counting = {each for each in there if Permission(each).definition.counts_in_workspace}
    places = [OfferedWorkspace(role_of(there), is_visible=True)]
    if role | counting <= inviter:
        rules.ensure_acceptable(found, places, NOW)
        return
    with pytest.raises(InviterCannotGrant):
        rules.ensure_acceptable(found, places, NOW)


@given(permissions)
def test_an_inviter_who_has_left_gives_nothing_not_even_an_empty_role(role: frozenset[str]) -> None:
    with pytest.raises(InviterCannotGrant):
        rules.ensure_acceptable(offered(inviter=None, role=role), [], NOW)


def test_no_one_joins_a_workspace_that_the_inviter_no_longer_sees() -> None:
    seen, unseen = (OfferedWorkspace(role_of([]), is_visible=each) for each in (True, False))
    rules.ensure_acceptable(offered(), [seen], NOW)
    with pytest.raises(InviterCannotGrant):
        rules.ensure_acceptable(offered(), [seen, unseen], NOW)


@pytest.mark.parametrize("status", SPENT)
def test_a_spent_one_says_how_it_was_spent(status: str) -> None:
    with pytest.raises(InvitationSpent) as shown:
        rules.ensure_open(offered(status), NOW)
    with pytest.raises(InvitationSpent) as accepted:
        rules.ensure_acceptable(offered(status), [], NOW)
    assert shown.value.code == accepted.value.code == f"invitation_{status}"


@given(st.timedeltas(max_value=timedelta(days=9_999)))
def test_it_expires_by_time_alone(left: timedelta) -> None:
    found = offered(left=max(left, timedelta(days=-99_999)))
    if found.expires_at > NOW:
        assert rules.effective_status(found, NOW) == "pending"
        rules.ensure_open(found, NOW)
        return
    with pytest.raises(InvitationSpent) as refused:
        rules.ensure_open(found, NOW)
    assert refused.value.code == "invitation_expired"


@pytest.mark.parametrize("status", SPENT)
def test_time_changes_nothing_about_a_spent_one(status: str) -> None:
    assert rules.effective_status(offered(status, left=timedelta(days=-1)), NOW) == status


def test_it_is_for_its_own_address_alone() -> None:
    rules.ensure_addressed_to(offered(), "nora@example.com")
    for other in ("nora@example.org", "Nora@example.com", "nora", ""):
        with pytest.raises(InvitationForAnotherEmail):
            rules.ensure_addressed_to(offered(), other)


def test_who_joined_by_it_comes_again_as_long_as_they_are_a_member() -> None:
    nora, membership = new_id(), new_id()
    joined = offered("accepted", joined=(membership, nora))
    assert rules.rejoins(joined, nora)
    assert not rules.rejoins(joined, new_id())
    assert not rules.rejoins(replace(joined, joined_as=None, joined_user_id=None), nora)
    assert not rules.rejoins(offered("pending"), nora)
