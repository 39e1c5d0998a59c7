"""Sending an invitation again."""

from uuid import UUID

from tenantry.kit.expectations import Expectation, any_version
from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.context import OrganizationContext
from tenantry.platform.mail import actions as mail
from tenantry.platform.rate_limits import policies
from tenantry.tenancy.invitations import emails, queries, rules, store
from tenantry.tenancy.invitations.invite import expire
from tenantry.tenancy.invitations.lookup import lock_sent
from tenantry.tenancy.invitations.model import LIFETIME, PENDING, Invitation, Offered


async def resend(
    ctx: OrganizationContext,
    invitation_id: UUID,
    *,
    expected: Expectation[Invitation] = any_version,
) -> Invitation:
    """Send an invitation again with a new link, from the caller from now on.

    PersonRequired, RateLimited, NotFound, CannotGrantRole, CannotGrantWorkspace; what `expected`
    raises; InvitationSpent, AlreadyMember, InvitationPending, LimitReached.
    """
    tx, authority, rate_limiter = ctx.tx, ctx.principal, ctx.rate_limiter
    authority.ensure_inviter()
    await rate_limiter.ensure_within(
        tx, policies.invitations_by(rate_limiter.network, authority, 1)
    )
    sent = await lock_sent(tx, authority, invitation_id)
    offered = sent.offered
    rules.ensure_adoptable(sent.locked, offered, sent.workspaces)
    expected(sent.invitation)
    (address,) = await tx.rows(
        store.select_address_status(authority.org_id, offered.email, ctx.limits)
    )
    makes_room = rules.ensure_resendable(offered, address, limits=ctx.limits, now=tx.now)
    changes = list[Change]()
    if makes_room is not None:
        changes.append(expire(tx, authority.org_id, makes_room))
    email_id, token = await _send_reminder(ctx, offered)
    expires_at = tx.now + LIFETIME
    store.renew(tx, offered, authority.inviter.id, email_id, token.digest, expires_at)
    was = _facts(offered.status, offered.inviter.id, offered.expires_at)
    now = _facts(PENDING, authority.inviter.id, expires_at)
    events.record_by(
        tx,
        authority,
        "invitation.resent",
        [offered.target()],
        [*changes, Change.updated(Kind.INVITATION, offered.id, was, now)],
    )
    renewed = await queries.find(tx, authority.org_id, authority.viewer, offered.id)
    if renewed is None:
        raise NotFound
    await rate_limiter.hit(
        tx, policies.invitations(rate_limiter.network, authority, [renewed.email])
    )
    return renewed


async def _send_reminder(ctx: OrganizationContext, offered: Offered) -> tuple[UUID, Secret]:
    tx, outbox, inviter = ctx.tx, ctx.outbox, ctx.principal.inviter
    # A message belongs to its author: someone else who resends the invitation does not repeat it.
    is_author = offered.inviter.id == inviter.id and inviter.email_verified
    token = Secret.new()
    email = emails.invitation(
        "reminder",
        outbox.links,
        await mail.branding_of(tx, offered.org_id),
        offered.email,
        inviter=inviter.name,
        role=offered.role.name,
        until=tx.now + LIFETIME,
        message=offered.message if is_author else "",
        token=token,
    )
    return outbox.enqueue(tx, email), token


def _facts(status: str, inviter_id: UUID, expires_at: object) -> dict[str, object]:
    invited_by = show(Kind.USER, inviter_id)
    return {"status": status, "invited_by": invited_by, "expires_at": expires_at}
