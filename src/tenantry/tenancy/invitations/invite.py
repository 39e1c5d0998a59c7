"""Inviting one address, or many at once."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.authority import Authority, LockedAuthority
from tenantry.authz.locks import lock_and_read
from tenantry.authz.roles import actions as roles
from tenantry.kit.ids import Kind, new_id, show
from tenantry.kit.limits import Limits
from tenantry.kit.refusals import Refusal
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.mail import actions as mail
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.mail.model import Branding
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.connection import Result
from tenantry.postgres.transaction import BoundStatement, Tx
from tenantry.tenancy.invitations import emails, rules, store
from tenantry.tenancy.invitations.model import (
    PENDING,
    Invitation,
    InvitationRequest,
    Inviter,
    Known,
    Offer,
)
from tenantry.tenancy.memberships.model import WorkspaceGrant
from tenantry.tenancy.workspaces import actions as workspaces


async def invite(
    tx: Tx,
    authority: Authority,
    outbox: Outbox,
    rate_limiter: RateLimiter,
    limits: Limits,
    draft: InvitationRequest,
) -> Invitation:
    """Offer a seat and a role to an address; the email leaves with the commit.

    CannotGrantRole; RoleUnknown, WorkspaceUnknown; WorkspaceArchived, AlreadyMember,
    InvitationPending, LimitReached; RateLimited. It is counted last: what a rule refuses is not.
    """
    authority.ensure_inviter()
    counted = policies.invitations(rate_limiter.network, authority, [draft.email])
    rate_limiter.ensure_not_refused(counted)
    locked, (branding, *found) = await lock_and_read(
        tx,
        authority,
        mail.select_branding(authority.org_id),
        *_select_facts(authority, limits, draft),
    )
    known = _known(found)
    invitation = _offer(tx, locked, outbox, branding.rows[0], limits, draft, known)
    await rate_limiter.hit(tx, counted)
    return invitation


async def invite_all(
    tx: Tx,
    authority: Authority,
    outbox: Outbox,
    rate_limiter: RateLimiter,
    limits: Limits,
    drafts: Sequence[InvitationRequest],
) -> list[Invitation | Refusal]:
    """Invite many addresses; each is invited or refused by itself, in the order of `drafts`.

    TooManyGrants and RateLimited refuse them all, before the organization is locked; an address
    that gets too many invitations is refused alone.
    """
    authority.ensure_inviter()
    rules.ensure_bounded(drafts)
    await rate_limiter.ensure_within(
        tx, policies.invitations_by(rate_limiter.network, authority, len(drafts))
    )
    reaching = {
        each.email: policies.invitation_to(rate_limiter.network, authority, each.email)
        for each in drafts
    }
    too_often = await rate_limiter.exceeded(tx, reaching)
    locked, (branding,) = await lock_and_read(tx, authority, mail.select_branding(authority.org_id))
    outcomes = list[Invitation | Refusal]()
    for draft in drafts:
        if draft.email in too_often:
            outcomes.append(too_often[draft.email])
            continue
        known = _known(await tx.execute(*_select_facts(authority, limits, draft)))
        try:
            outcomes.append(_offer(tx, locked, outbox, branding.rows[0], limits, draft, known))
        except Refusal as refusal:
            outcomes.append(refusal)
    sent = [each.email for each in outcomes if isinstance(each, Invitation)]
    if sent:
        await rate_limiter.hit(tx, policies.invitations(rate_limiter.network, authority, sent))
    return outcomes


def _select_facts(
    authority: Authority, limits: Limits, draft: InvitationRequest
) -> list[BoundStatement]:
    org_id = authority.org_id
    facts: list[BoundStatement] = [
        store.select_address_status(org_id, draft.email, limits),
        roles.select_named(org_id, [draft.role, *draft.workspaces.values()]),
    ]
    if draft.workspaces:
        facts.append(workspaces.select_visible(authority, [*draft.workspaces]))
    return facts


def _known(results: Sequence[Result]) -> Known:
    status, found, *visible = results
    seen = {workspace.id: workspace for result in visible for workspace in result.rows}
    return Known(roles.by_name(found.rows), seen, status.rows[0])


def _offer(
    tx: Tx,
    locked: LockedAuthority,
    outbox: Outbox,
    head: Branding,
    limits: Limits,
    draft: InvitationRequest,
    known: Known,
) -> Invitation:
    offer = rules.offer(locked, draft, known, limits=limits, now=tx.now)
    return _write(tx, locked.authority, outbox, head, offer, draft.message)


def _write(
    tx: Tx, authority: Authority, outbox: Outbox, head: Branding, offer: Offer, message: str
) -> Invitation:
    token = Secret.new()
    invitation = _invitation(tx, authority, offer)
    # An inviter whose address is unverified cannot put their words into other people's mail.
    words = message if authority.inviter.email_verified else ""
    email = emails.invitation(outbox.links, head, invitation, message=words, token=token)
    changes = [invitation.made()]
    if offer.replaces is not None:
        store.expire(tx, authority.org_id, offer.replaces)
        changes.append(_expired(offer.replaces))
    email_id = outbox.enqueue(tx, email)
    store.insert(tx, invitation, message=message, email_id=email_id, digest=token.digest)
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        "invitation.created",
        targets=[invitation.target()],
        changes=changes,
    )
    return invitation


def _invitation(tx: Tx, authority: Authority, offer: Offer) -> Invitation:
    return Invitation(
        id=new_id(),
        org_id=authority.org_id,
        email=offer.email,
        role=offer.role.ref,
        status=PENDING,
        invited_by=Inviter(authority.inviter.id, authority.inviter.name),
        expires_at=offer.expires_at,
        delivery="queued",
        created_at=tx.now,
        updated_at=tx.now,
        # By their ids, as they are shown ever after: the same bytes, the same ETag.
        workspaces=[
            WorkspaceGrant(each, offer.workspaces[each].ref) for each in sorted(offer.workspaces)
        ],
    )


def _expired(invitation_id: UUID) -> Change:
    was, now = {"status": PENDING}, {"status": "expired"}
    return Change("invitation", show(Kind.INVITATION, invitation_id), was, now)
