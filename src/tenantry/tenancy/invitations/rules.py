"""May this be offered? May it be accepted? The same facts, the same verdict."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import CannotGrantRole, Granter, must_cover
from tenantry.authz.builtin_permissions import counting_in_workspace
from tenantry.authz.roles.model import RoleUnknown
from tenantry.kit.limits import Limits, must_have_room
from tenantry.tenancy.invitations.model import (
    ACCEPTED,
    EXPIRED,
    MOST_GRANTS,
    PENDING,
    CannotGrantWorkspace,
    Draft,
    InvitationForAnotherEmail,
    InvitationPending,
    InvitationSpent,
    InviterCannotGrant,
    Known,
    Offer,
    Offered,
    OfferedPlace,
    Standing,
    TooManyGrants,
)
from tenantry.tenancy.memberships.model import AlreadyMember
from tenantry.tenancy.workspaces.model import WorkspaceArchived, WorkspaceUnknown


def ensure_bounded(drafts: Iterable[Draft]) -> None:
    """TooManyGrants where a batch would write more than one transaction should."""
    if sum(len(draft.workspaces) for draft in drafts) > MOST_GRANTS:
        raise TooManyGrants


def offer(
    granter: Granter,
    draft: Draft,
    known: Known,
    *,
    limits: Limits,
    now: datetime,
) -> Offer:
    """The offer, or why it cannot be made: what may not be given, what is not there, what stands
    against it."""
    standing = known.standing
    _must_be_able_to_give(granter, draft, known)
    _must_be_there(draft, known)
    if any(workspace.archived_at is not None for workspace in known.workspaces.values()):
        raise WorkspaceArchived
    if standing.is_member:
        raise AlreadyMember
    still_open = standing.pending_until is not None and standing.pending_until > now
    if standing.pending_id is not None and still_open:
        raise InvitationPending(standing.pending_id)
    must_have_room("members", limits.members, standing.members)
    must_have_room("pending_invitations", limits.pending_invitations, standing.pending)
    there = {each: known.roles[role] for each, role in draft.workspaces.items()}
    until = now + draft.lifetime
    return Offer(draft.email, known.roles[draft.role], there, until, replaces=standing.pending_id)


def _must_be_able_to_give(granter: Granter, draft: Draft, known: Known) -> None:
    if draft.role in known.roles:
        granter.must_be_able_to_grant(known.roles[draft.role].permissions)
    for role in draft.workspaces.values():
        if role in known.roles:
            granter.must_be_able_to_grant(counting_in_workspace(known.roles[role].permissions))


def _must_be_there(draft: Draft, known: Known) -> None:
    if not known.roles.keys() >= {draft.role, *draft.workspaces.values()}:
        raise RoleUnknown
    if not known.workspaces.keys() >= draft.workspaces.keys():
        raise WorkspaceUnknown


def may_be_withdrawn(granter: Granter, offered: Offered, places: Iterable[OfferedPlace]) -> None:
    """CannotGrantRole where what is offered is above the one who withdraws it."""
    granter.must_be_able_to_grant(offered.role_permissions)
    for place in places:
        granter.must_be_able_to_grant(counting_in_workspace(place.role.permissions))


def may_be_adopted(granter: Granter, offered: Offered, places: Collection[OfferedPlace]) -> None:
    """The same for the one who answers for it from now on; CannotGrantWorkspace."""
    may_be_withdrawn(granter, offered, places)
    if not all(place.is_seen for place in places):
        raise CannotGrantWorkspace


def resendable(
    offered: Offered, standing: Standing, *, limits: Limits, now: datetime
) -> UUID | None:
    """Refuse where it was answered, or could not be offered anew today.

    Another pending invitation of the address, past its time, that makes room for this one.
    """
    status = effective_status(offered, now)
    if status not in (PENDING, EXPIRED):
        raise InvitationSpent(status)
    if standing.is_member:
        raise AlreadyMember
    other = standing.pending_id if standing.pending_id != offered.id else None
    if other is not None and standing.pending_until is not None and standing.pending_until > now:
        raise InvitationPending(other)
    must_have_room("members", limits.members, standing.members)
    if status == EXPIRED:
        must_have_room("pending_invitations", limits.pending_invitations, standing.pending)
    return other


def effective_status(offered: Offered, now: datetime) -> str:
    """The status, with time itself taken into account: nothing needs to run for it to expire."""
    if offered.status == PENDING and offered.expires_at <= now:
        return EXPIRED
    return offered.status


def must_be_for(offered: Offered, email: str) -> None:
    """Refuse where the invitation went to somebody else."""
    if offered.email != email:
        raise InvitationForAnotherEmail


def must_be_open(offered: Offered, now: datetime) -> None:
    """Refuse where the invitation was used, withdrawn, or is too old."""
    status = effective_status(offered, now)
    if status != PENDING:
        raise InvitationSpent(status)


def rejoins(offered: Offered, user_id: UUID) -> bool:
    """Whether this person accepted it before and is still the member that they became by it."""
    return (
        offered.status == ACCEPTED
        and offered.joined_as is not None
        and offered.joined_user_id == user_id
    )


def acceptable(offered: Offered, places: Collection[OfferedPlace], now: datetime) -> None:
    """Refuse where it is no longer open, or where the inviter could not give all of it today.

    All or nothing: who is let in by less than their letter said would not know why.
    """
    must_be_open(offered, now)
    own = offered.inviter_permissions
    if own is None or not all(place.is_seen for place in places):
        raise InviterCannotGrant
    try:
        must_cover(own, offered.role_permissions)
        for place in places:
            must_cover(own, counting_in_workspace(place.role.permissions))
    except CannotGrantRole as beyond:
        raise InviterCannotGrant from beyond
