"""Declining an invitation: by its token, or one to one's own address."""

from uuid import UUID

from tenantry.authz.authority import Actor, Recipient
from tenantry.identity.accounts.context import AccountContext
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import lookup, rules, store
from tenantry.tenancy.invitations.model import DECLINED, InvitationSpent, Offered
from tenantry.tenancy.invitations.preview import run_by_token


async def decline(ctx: AccountContext, token: Secret) -> Offered:
    """Decline as the holder of the token, with or without an account; the invitation as it was.

    NotFound, InvitationSpent, InvitationResent, RateLimited.
    """

    async def act(tx: Tx) -> Offered:
        offered = await lookup.lock_by_token(tx, token)
        await _decline(tx, Recipient(offered.email), offered)
        return offered

    return await run_by_token(ctx, act)


async def decline_mine(tx: Tx, actor: Actor, invitation_id: UUID) -> None:
    """Decline an invitation to one's own address. AccountUnverified, NotFound, InvitationSpent."""
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
