"""What becomes of an offer while nobody has answered it: seen, withdrawn, sent again."""

from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.authority import Authority, LockedAuthority
from tenantry.authz.authorization import AuthorizedReader
from tenantry.authz.locks import lock_organization
from tenantry.kit.ids import Kind, show
from tenantry.kit.limits import Limits
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.mail import actions as mail
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import emails, reads, rules, store
from tenantry.tenancy.invitations.model import (
    LIFETIME,
    PENDING,
    REVOKED,
    Invitation,
    InvitationSpent,
    MyInvitation,
    Offered,
    OfferedWorkspace,
)


@dataclass(frozen=True, slots=True)
class Locked:
    """An invitation under the organization's lock, in the hands of who may do this with it."""

    authority: Authority
    invitation: Invitation
    """As the caller sees it."""
    offered: Offered


async def get(reader: AuthorizedReader, invitation_id: UUID) -> Invitation:
    """An invitation of the organization that `reading` entered, or NotFound."""
    found = await reads.find(reader, reader.org_id, reader.viewer, invitation_id)
    if found is None:
        raise NotFound
    return found


async def list_invitations(
    reader: AuthorizedReader, page: PageRequest, *, status: str | None
) -> Page[Invitation]:
    """The invitations of the organization that `reading` entered; of one status if wanted."""
    found = await reads.list_of_organization(
        reader, reader.org_id, reader.viewer, page, status=status
    )
    return Page.of(page, found)


async def count_open_of(reader: AuthorizedReader, inviter_id: UUID) -> int:
    """How many open invitations a person sent: these depend on what that person may grant."""
    return await reads.count_open_of(reader, reader.org_id, inviter_id)


async def list_mine(reader: AuthorizedReader, page: PageRequest) -> Page[MyInvitation]:
    """What is open for one's own address, in all organizations. AccountUnverified."""
    found = await reads.list_to(reader, reader.claims, page)
    if reader.actor is not None:
        reader.actor.ensure_verified()
    return Page.of(page, found)


async def lock_to_revoke(tx: Tx, authority: Authority, invitation_id: UUID) -> Locked:
    """An invitation, for who withdraws it. NotFound, CannotGrantRole."""
    granter, locked, places = await _lock(tx, authority, invitation_id)
    rules.ensure_revocable(granter, locked.offered, places)
    return locked


async def lock_to_resend(
    tx: Tx, authority: Authority, rate_limiter: RateLimiter, invitation_id: UUID
) -> Locked:
    """An invitation, for who sends it again and adopts it. PersonRequired, RateLimited, NotFound,
    CannotGrantRole, CannotGrantWorkspace."""
    authority.ensure_inviter()
    await rate_limiter.ensure_within(
        tx, policies.invitations_by(rate_limiter.network, authority, 1)
    )
    granter, locked, places = await _lock(tx, authority, invitation_id)
    rules.ensure_adoptable(granter, locked.offered, places)
    return locked


async def _lock(
    tx: Tx, authority: Authority, invitation_id: UUID
) -> tuple[LockedAuthority, Locked, list[OfferedWorkspace]]:
    locked = await lock_organization(tx, authority)
    org_id, viewer = authority.org_id, authority.viewer
    seen = await reads.find(tx, org_id, viewer, invitation_id)
    offered = await store.offered(tx, org_id, invitation_id)
    if seen is None or offered is None:
        raise NotFound
    places = await store.offered_places(tx, org_id, invitation_id, seen_by=viewer)
    return locked, Locked(authority, seen, offered), [*places.values()]


async def revoke(tx: Tx, locked: Locked) -> None:
    """Withdraw an open invitation. InvitationSpent."""
    authority, offered = locked.authority, locked.offered
    rules.ensure_open(offered, tx.now)
    if not await store.close(tx, offered, REVOKED):
        raise InvitationSpent(REVOKED)
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        "invitation.revoked",
        targets=[offered.target()],
        changes=[offered.becomes(REVOKED)],
    )


async def resend(
    tx: Tx, outbox: Outbox, rate_limiter: RateLimiter, limits: Limits, locked: Locked
) -> Invitation:
    """Send a reminder with a new token; the old one is spent, and the offer is the actor's now.

    InvitationSpent, AlreadyMember, InvitationPending, LimitReached, RateLimited.
    """
    authority, offered = locked.authority, locked.offered
    standing = await store.standing(tx, authority.org_id, offered.email, limits)
    makes_room = rules.ensure_resendable(offered, standing, limits=limits, now=tx.now)
    changes = list[Change]()
    if makes_room is not None:
        store.expire(tx, authority.org_id, makes_room)
        changes.append(Change.updated(Kind.INVITATION, makes_room, _PENDING, _EXPIRED))
    email_id, token = await _remind(tx, outbox, locked)
    expires_at = tx.now + LIFETIME
    store.renew(tx, offered, authority.inviter.id, email_id, token.digest, expires_at)
    was = _facts(offered.status, offered.inviter.id, offered.expires_at)
    now = _facts(PENDING, authority.inviter.id, expires_at)
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        "invitation.resent",
        targets=[offered.target()],
        changes=[*changes, Change.updated(Kind.INVITATION, offered.id, was, now)],
    )
    renewed = await reads.find(tx, authority.org_id, authority.viewer, offered.id)
    if renewed is None:
        raise NotFound
    await rate_limiter.hit(
        tx, policies.invitations(rate_limiter.network, authority, [renewed.email])
    )
    return renewed


async def _remind(tx: Tx, outbox: Outbox, locked: Locked) -> tuple[UUID, Secret]:
    inviter, offered = locked.authority.inviter, locked.offered
    # The words of a message are their writer's: who adopts the offer does not say them.
    theirs = offered.inviter.id == inviter.id and inviter.email_verified
    token = Secret.new()
    letter = emails.reminder(
        outbox.links,
        await mail.branding_of(tx, offered.org_id),
        offered,
        inviter=inviter.name,
        until=tx.now + LIFETIME,
        message=offered.message if theirs else "",
        token=token,
    )
    return outbox.enqueue(tx, letter), token


def _facts(status: str, inviter_id: UUID, expires_at: object) -> dict[str, object]:
    return {
        "status": status,
        "invited_by": show(Kind.USER, inviter_id),
        "expires_at": expires_at,
    }


_PENDING, _EXPIRED = {"status": PENDING}, {"status": "expired"}
