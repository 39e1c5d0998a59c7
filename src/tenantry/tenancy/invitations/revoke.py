"""Revoking invitations: one by itself, or those that end with another act."""

from collections.abc import Sequence
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
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        "invitation.revoked",
        targets=[offered.target()],
        changes=[offered.becomes(REVOKED)],
    )
    return sent.invitation


async def withdraw_for_address(tx: Tx, org_id: UUID, email: str) -> Sequence[Change]:
    """Revoke what is open for an address; the changes, for the event of the act."""
    return _revoked(await store.revoke(tx, org_id, email=email))


async def withdraw_all(tx: Tx, org_id: UUID) -> Sequence[Change]:
    """Revoke all that is open in an organization; the changes, for the event of the act."""
    return _revoked(await store.revoke(tx, org_id))


async def withdraw_of_inviter(tx: Tx, org_id: UUID, user_id: UUID) -> Sequence[Change]:
    """Revoke what a person has offered and is open; the changes, for the event of the act."""
    return _revoked(await store.revoke(tx, org_id, invited_by=user_id))


def _revoked(ids: Sequence[UUID]) -> list[Change]:
    was, now = {"status": PENDING}, {"status": "revoked"}
    return [Change.updated(Kind.INVITATION, invitation_id, was, now) for invitation_id in ids]
