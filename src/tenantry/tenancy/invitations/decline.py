"""Saying no to an offered seat."""

from uuid import UUID

from tenantry.authz.authority import Actor, Recipient
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import lookup, rules, store
from tenantry.tenancy.invitations.model import DECLINED, InvitationSpent, Offered


async def decline(tx: Tx, token: Secret) -> None:
    """Decline as whoever holds the letter. NotFound, InvitationSpent, InvitationResent."""
    offered = await lookup.lock_by_token(tx, token)
    await _decline(tx, Recipient(offered.email), offered)


async def decline_mine(tx: Tx, actor: Actor, invitation_id: UUID) -> None:
    """Decline what went to one's own address. AccountUnverified, NotFound, InvitationSpent."""
    offered = await lookup.lock_mine(tx, actor, invitation_id)
    await _decline(tx, actor, offered)
    events.mention(tx, actor.id, offered.org_id)


async def _decline(tx: Tx, actor: Actor | Recipient, offered: Offered) -> None:
    rules.ensure_open(offered, tx.now)
    if not await store.close(tx, offered, DECLINED):
        raise InvitationSpent(DECLINED)
    events.record(
        tx,
        offered.org_id,
        actor,
        "invitation.declined",
        targets=[offered.target()],
        changes=[offered.becomes(DECLINED)],
    )
