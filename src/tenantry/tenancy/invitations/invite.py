"""Inviting one address, or many at once."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.authority import Authority, LockedAuthority
from tenantry.authz.locks import lock_and_read
from tenantry.authz.roles import actions as roles
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.refusals import Refusal
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.context import OrganizationContext
from tenantry.platform.mail import actions as mail
from tenantry.platform.mail.model import Branding
from tenantry.platform.rate_limits import policies
from tenantry.postgres.connection import Result
from tenantry.postgres.transaction import BoundStatement, Tx
from tenantry.tenancy.invitations import emails, rules, store
from tenantry.tenancy.invitations.model import (
    EXPIRED,
    PENDING,
    Invitation,
    InvitationFacts,
    InvitationRequest,
    Inviter,
    Offer,
)
from tenantry.tenancy.memberships.model import WorkspaceGrant
from tenantry.tenancy.workspaces import actions as workspaces


async def invite(ctx: OrganizationContext, request: InvitationRequest) -> Invitation:
    """Offer a seat and a role to an address; the email leaves with the commit.

    CannotGrantRole; RoleUnknown, WorkspaceUnknown; WorkspaceArchived, AlreadyMember,
    InvitationPending, LimitReached; RateLimited. It is counted last: what a rule refuses is not.
    """
    tx, authority, rate_limiter = ctx.tx, ctx.principal, ctx.rate_limiter
    authority.ensure_inviter()
    hits = policies.invitations(rate_limiter.network, authority, [request.email])
    rate_limiter.ensure_not_refused(hits)
    select_branding = mail.select_branding(authority.org_id)
    locked, (branding, *facts) = await lock_and_read(
        tx, authority, select_branding, *_select_facts(ctx, request)
    )
    invitation = _offer(ctx, locked, branding.rows[0], request, _facts(facts))
    await rate_limiter.hit(tx, hits)
    return invitation


async def invite_all(
    ctx: OrganizationContext, requests: Sequence[InvitationRequest]
) -> list[Invitation | Refusal]:
    """Invite many addresses; each is invited or refused by itself, in the order of `requests`.

    TooManyGrants and RateLimited refuse them all, before the organization is locked; an address
    that gets too many invitations is refused alone.
    """
    tx, authority, rate_limiter = ctx.tx, ctx.principal, ctx.rate_limiter
    authority.ensure_inviter()
    rules.ensure_bounded(requests)
    await rate_limiter.ensure_within(
        tx, policies.invitations_by(rate_limiter.network, authority, len(requests))
    )
    hits_of = {
        each.email: policies.invitation_to(rate_limiter.network, authority, each.email)
        for each in requests
    }
    refused = await rate_limiter.exceeded(tx, hits_of)
    locked, (branding,) = await lock_and_read(tx, authority, mail.select_branding(authority.org_id))
    outcomes = list[Invitation | Refusal]()
    for request in requests:
        if request.email in refused:
            outcomes.append(refused[request.email])
            continue
        facts = _facts(await tx.execute(_select_facts(ctx, request)))
        try:
            outcomes.append(_offer(ctx, locked, branding.rows[0], request, facts))
        except Refusal as refusal:
            outcomes.append(refusal)
    sent = [each.email for each in outcomes if isinstance(each, Invitation)]
    if sent:
        await rate_limiter.hit(tx, policies.invitations(rate_limiter.network, authority, sent))
    return outcomes


def _select_facts(ctx: OrganizationContext, request: InvitationRequest) -> list[BoundStatement]:
    org_id = ctx.principal.org_id
    statements: list[BoundStatement] = [
        store.select_address_status(org_id, request.email, ctx.limits),
        roles.select_named(org_id, [request.role, *request.workspaces.values()]),
    ]
    if request.workspaces:
        statements.append(workspaces.select_visible(ctx.principal, [*request.workspaces]))
    return statements


def _facts(results: Sequence[Result]) -> InvitationFacts:
    address, found_roles, *visible = results
    found = {workspace.id: workspace for result in visible for workspace in result.rows}
    return InvitationFacts(roles.by_name(found_roles.rows), found, address.rows[0])


def _offer(
    ctx: OrganizationContext,
    locked: LockedAuthority,
    branding: Branding,
    request: InvitationRequest,
    facts: InvitationFacts,
) -> Invitation:
    tx, authority, message = ctx.tx, ctx.principal, request.message
    offer = rules.offer(locked, request, facts, limits=ctx.limits, now=tx.now)
    token = Secret.new()
    invitation = _invitation(tx, authority, offer)
    # An inviter whose address is unverified cannot put their words into other people's mail.
    shown = message if authority.inviter.email_verified else ""
    email = emails.invitation(
        "invitation",
        ctx.outbox.links,
        branding,
        invitation.email,
        inviter=invitation.invited_by.name,
        role=invitation.role.name,
        until=invitation.expires_at,
        message=shown,
        token=token,
    )
    changes = [invitation.made()]
    if offer.replaces is not None:
        changes.append(expire(tx, authority.org_id, offer.replaces))
    email_id = ctx.outbox.enqueue(tx, email)
    store.insert(tx, invitation, message=message, email_id=email_id, digest=token.digest)
    events.record_by(tx, authority, "invitation.created", [invitation.target()], changes)
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


def expire(tx: Tx, org_id: UUID, invitation_id: UUID) -> Change:
    """Let a pending invitation past its time make room for another; the change, for the event."""
    store.expire(tx, org_id, invitation_id)
    before, after = {"status": PENDING}, {"status": EXPIRED}
    return Change.updated(Kind.INVITATION, invitation_id, before, after)
