"""Revoking invitations: one by itself, or those that end with another act."""

from uuid import UUID

from tenantry.authz.authority import Authority
from tenantry.kit.expectations import Expectation, any_version
from tenantry.kit.ids import Kind
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import rules, store
from tenantry.tenancy.invitations.lookup import lock_sent
from tenantry.tenancy.invitations.model import PENDING, REVOKED, Invitation, InvitationSpent


async def revoke(
    tx: Tx,
    authority: Authority,
    invitation_id: UUID,
    *,
    expected: Expectation[Invitation] = any_version,
) -> Invitation:
    """Revoke an open invitation; its link stops working at once. The invitation as it was.

    NotFound, CannotGrantRole; what `expected` raises; InvitationSpent.
    """
    sent = await lock_sent(tx, authority, invitation_id)
    offered = sent.offered
    rules.ensure_revocable(sent.locked, offered, sent.workspaces)
    expected(sent.invitation)
    rules.ensure_open(offered, tx.now)
    if not await store.close(tx, offered, REVOKED):
        raise InvitationSpent(REVOKED)
    events.record_by(
        tx, authority, "invitation.revoked", [offered.target()], [offered.becomes(REVOKED)]
    )
    return sent.invitation


async def withdraw(
    tx: Tx, org_id: UUID, *, email: str | None = None, inviter_id: UUID | None = None
) -> list[Change]:
    """Revoke open invitations: to an address, of an inviter, or all; the changes, for the event."""
    before, after = {"status": PENDING}, {"status": REVOKED}
    return [
        Change.updated(Kind.INVITATION, each, before, after)
        for each in await store.revoke(tx, org_id, email=email, inviter_id=inviter_id)
    ]
