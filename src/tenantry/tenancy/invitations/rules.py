"""Whether an invitation may be offered, and whether it may be accepted."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import CannotGrantRole, LockedAuthority, ensure_covers
from tenantry.authz.builtin_permissions import counting_in_workspace
from tenantry.authz.roles.model import RoleUnknown
from tenantry.kit.limits import Limits, ensure_room
from tenantry.tenancy.invitations.model import (
    ACCEPTED,
    EXPIRED,
    MOST_GRANTS,
    PENDING,
    AddressStatus,
    CannotGrantWorkspace,
    InvitationFacts,
    InvitationForAnotherEmail,
    InvitationPending,
    InvitationRequest,
    InvitationSpent,
    InviterCannotGrant,
    Offer,
    Offered,
    OfferedWorkspace,
    TooManyGrants,
)
from tenantry.tenancy.memberships.model import AlreadyMember
from tenantry.tenancy.workspaces.model import WorkspaceArchived, WorkspaceUnknown


def ensure_bounded(requests: Iterable[InvitationRequest]) -> None:
    """TooManyGrants where a batch would write more than one transaction should."""
    if sum(len(request.workspaces) for request in requests) > MOST_GRANTS:
        raise TooManyGrants


def offer(
    locked: LockedAuthority,
    request: InvitationRequest,
    facts: InvitationFacts,
    *,
    limits: Limits,
    now: datetime,
) -> Offer:
    """The offer, or why it cannot be made: what may not be given, what does not exist, what
    already exists."""
    address = facts.address
    _ensure_can_grant(locked, request, facts)
    _ensure_exists(request, facts)
    if any(workspace.archived_at is not None for workspace in facts.workspaces.values()):
        raise WorkspaceArchived
    if address.is_member:
        raise AlreadyMember
    still_open = address.pending_until is not None and address.pending_until > now
    if address.pending_id is not None and still_open:
        raise InvitationPending(address.pending_id)
    ensure_room("members", limits.members, address.members)
    ensure_room("pending_invitations", limits.pending_invitations, address.pending)
    workspace_roles = {each: facts.roles[role] for each, role in request.workspaces.items()}
    return Offer(
        request.email,
        facts.roles[request.role],
        workspace_roles,
        now + request.lifetime,
        replaces=address.pending_id,
    )


def _ensure_can_grant(
    locked: LockedAuthority, request: InvitationRequest, facts: InvitationFacts
) -> None:
    if request.role in facts.roles:
        locked.ensure_can_grant(facts.roles[request.role].permissions)
    for role in request.workspaces.values():
        if role in facts.roles:
            locked.ensure_can_grant(counting_in_workspace(facts.roles[role].permissions))


def _ensure_exists(request: InvitationRequest, facts: InvitationFacts) -> None:
    if not facts.roles.keys() >= {request.role, *request.workspaces.values()}:
        raise RoleUnknown
    if not facts.workspaces.keys() >= request.workspaces.keys():
        raise WorkspaceUnknown


def ensure_revocable(
    locked: LockedAuthority, offered: Offered, workspaces: Iterable[OfferedWorkspace]
) -> None:
    """CannotGrantRole if the invitation grants permissions that the caller lacks."""
    locked.ensure_can_grant(offered.role_permissions)
    for offer in workspaces:
        locked.ensure_can_grant(counting_in_workspace(offer.role.permissions))


def ensure_adoptable(
    locked: LockedAuthority, offered: Offered, workspaces: Collection[OfferedWorkspace]
) -> None:
    """The same for a new inviter; CannotGrantWorkspace."""
    ensure_revocable(locked, offered, workspaces)
    if not all(offer.is_visible for offer in workspaces):
        raise CannotGrantWorkspace


def ensure_resendable(
    offered: Offered, address: AddressStatus, *, limits: Limits, now: datetime
) -> UUID | None:
    """Another invitation to the address, past its time, that makes room for this one, if any.

    InvitationSpent, AlreadyMember, InvitationPending, LimitReached.
    """
    status = effective_status(offered, now)
    if status not in (PENDING, EXPIRED):
        raise InvitationSpent(status)
    if address.is_member:
        raise AlreadyMember
    other = address.pending_id if address.pending_id != offered.id else None
    if other is not None and address.pending_until is not None and address.pending_until > now:
        raise InvitationPending(other)
    ensure_room("members", limits.members, address.members)
    if status == EXPIRED:
        ensure_room("pending_invitations", limits.pending_invitations, address.pending)
    return other


def effective_status(offered: Offered, now: datetime) -> str:
    """The status at a time: a pending invitation past its end counts as expired."""
    if offered.status == PENDING and offered.expires_at <= now:
        return EXPIRED
    return offered.status


def ensure_addressed_to(offered: Offered, email: str) -> None:
    """InvitationForAnotherEmail unless it went to this address."""
    if offered.email != email:
        raise InvitationForAnotherEmail


def ensure_open(offered: Offered, now: datetime) -> None:
    """InvitationSpent unless it is pending and in time."""
    status = effective_status(offered, now)
    if status != PENDING:
        raise InvitationSpent(status)


def rejoins(offered: Offered, user_id: UUID) -> bool:
    """Whether this person accepted it before and is still that member."""
    return (
        offered.status == ACCEPTED
        and offered.joined_as is not None
        and offered.joined_user_id == user_id
    )


def ensure_acceptable(
    offered: Offered, workspaces: Collection[OfferedWorkspace], now: datetime
) -> None:
    """InvitationSpent; InviterCannotGrant if the inviter may not grant all of it now.

    All or nothing: someone who got less than their email said would not know why.
    """
    ensure_open(offered, now)
    own = offered.inviter_permissions
    if own is None or not all(offer.is_visible for offer in workspaces):
        raise InviterCannotGrant
    try:
        ensure_covers(own, offered.role_permissions)
        for offer in workspaces:
            ensure_covers(own, counting_in_workspace(offer.role.permissions))
    except CannotGrantRole as beyond:
        raise InviterCannotGrant from beyond
