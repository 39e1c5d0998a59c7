"""What an invitation offers, to the holder of its token."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tenantry.authz.authority import Actor
from tenantry.identity.accounts.context import AccountContext
from tenantry.kit.secrets import Secret
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import lookup, rules
from tenantry.tenancy.invitations.model import Destination, Offered

T = TypeVar("T")


async def run_by_token(ctx: AccountContext, act: Callable[[Tx], Awaitable[T]]) -> T:
    """The result of an act by a token; an unknown or spent one is counted. RateLimited."""
    missed = policies.unknown_invitation(ctx.rate_limiter.network)
    async with ctx.rate_limiter.counting_misses(ctx.database, missed):
        return await ctx.run(act)


async def preview(ctx: AccountContext, token: Secret) -> Offered:
    """What a token offers. NotFound, InvitationSpent, InviterCannotGrant, RateLimited.

    Refuses what acceptance would refuse to everybody.
    """
    return await run_by_token(ctx, lambda tx: find_acceptable(tx, token))


async def preview_to_decline(ctx: AccountContext, token: Secret) -> Offered:
    """The open invitation of a token. NotFound, InvitationSpent, RateLimited."""

    async def find(tx: Tx) -> Offered:
        offered = await lookup.by_token(tx, token)
        rules.ensure_open(offered, tx.now)
        return offered

    return await run_by_token(ctx, find)


@dataclass(frozen=True, slots=True)
class VisitorPreview:
    """An invitation as the visitor who opens its link sees it."""

    actor: Actor | None
    """The visitor, if signed in."""
    offered: Offered
    has_joined: bool
    destinations: Sequence[Destination] = ()


async def preview_for_visitor(
    ctx: AccountContext, token: Secret, find_actor: Callable[[Tx], Awaitable[Actor | None]]
) -> VisitorPreview:
    """The same with the workspaces that still exist; no refusal for a visitor who has joined."""

    async def find(tx: Tx) -> VisitorPreview:
        actor = await find_actor(tx)
        offered = await lookup.by_token(tx, token)
        if actor and rules.rejoins(offered, actor.id):
            return VisitorPreview(actor, offered, has_joined=True)
        await _ensure_acceptable(tx, offered)
        destinations = await lookup.destinations(tx, offered)
        return VisitorPreview(actor, offered, False, destinations)

    return await run_by_token(ctx, find)


async def find_acceptable(tx: Tx, token: Secret) -> Offered:
    """The invitation of a token that can be accepted. NotFound, InvitationSpent,
    InviterCannotGrant."""
    offered = await lookup.by_token(tx, token)
    await _ensure_acceptable(tx, offered)
    return offered


async def _ensure_acceptable(tx: Tx, offered: Offered) -> None:
    workspaces = await lookup.offered_workspaces(tx, offered, viewer=offered.inviter.id)
    rules.ensure_acceptable(offered, workspaces.values(), tx.now)
