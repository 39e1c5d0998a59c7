"""May this be offered? May it be accepted? The same facts, the same verdict."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.access.authority import CannotGrantRole, Granter, must_cover
from tenantry.access.permissions import counting_in_workspace
from tenantry.invitations.model import (
    ACCEPTED,
    EXPIRED,
    PENDING,
    InvitationForAnotherEmail,
    InvitationPending,
    InvitationSpent,
    InviterCannotGrant,
    Offer,
    Offered,
    Standing,
)
from tenantry.kit.limits import Limits, must_have_room
from tenantry.memberships.model import AlreadyMember
from tenantry.roles.model import Role


def offer(
    granter: Granter,
    email: str,
    role: Role,
    workspaces: Mapping[UUID, Role],
    standing: Standing,
    *,
    limits: Limits,
    now: datetime,
    lifetime: timedelta,
) -> Offer:
    """The offer, or why it cannot be made."""
    granter.must_be_able_to_grant(role.permissions)
    for there in workspaces.values():
        granter.must_be_able_to_grant(counting_in_workspace(there.permissions))
    if standing.is_member:
        raise AlreadyMember
    still_open = standing.pending_until is not None and standing.pending_until > now
    if standing.pending_id is not None and still_open:
        raise InvitationPending(standing.pending_id)
    must_have_room("members", limits.members, standing.members)
    must_have_room("pending_invitations", limits.pending_invitations, standing.pending)
    return Offer(email, role, workspaces, now + lifetime, replaces=standing.pending_id)


def revocable(
    granter: Granter, offered: Offered, workspace_roles: Iterable[Role], now: datetime
) -> None:
    """Refuse where it is above the one who withdraws it, or no longer open."""
    _must_cover(granter, offered, workspace_roles)
    must_be_open(offered, now)


def resendable(
    granter: Granter,
    offered: Offered,
    workspace_roles: Iterable[Role],
    standing: Standing,
    *,
    limits: Limits,
    now: datetime,
) -> UUID | None:
    """Refuse where it could not be offered anew by this granter today.

    Another pending invitation of the address, past its time, that makes room for this one.
    """
    _must_cover(granter, offered, workspace_roles)
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


def _must_cover(granter: Granter, offered: Offered, workspace_roles: Iterable[Role]) -> None:
    granter.must_be_able_to_grant(offered.role_permissions)
    for there in workspace_roles:
        granter.must_be_able_to_grant(counting_in_workspace(there.permissions))


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


def acceptable(offered: Offered, workspace_roles: Iterable[Role], now: datetime) -> None:
    """Refuse where it is no longer open, or where the inviter could not give the same today."""
    must_be_open(offered, now)
    try:
        must_cover(offered.inviter_permissions, offered.role_permissions)
        for there in workspace_roles:
            must_cover(offered.inviter_permissions, counting_in_workspace(there.permissions))
    except CannotGrantRole as beyond:
        raise InviterCannotGrant from beyond
