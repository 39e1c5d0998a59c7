"""What an invitation offers, to the holder of its token."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenantry.authz.authority import Actor
from tenantry.kit.secrets import Secret
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.transaction import Tx
from tenantry.postgres.unit_of_work import UnitOfWork
from tenantry.tenancy.invitations import lookup, offer_store, rules
from tenantry.tenancy.invitations.model import Destination, Offered

T = TypeVar("T")


async def run_by_token(
    work: UnitOfWork, rate_limiter: RateLimiter, act: Callable[[Tx], Awaitable[T]]
) -> T:
    """The result of an act by a token; an unknown or spent one is counted. RateLimited."""
    missed = policies.unknown_invitation(rate_limiter.network)
    async with rate_limiter.counting_misses(work.database, missed):
        return await work.run(act)


async def preview(work: UnitOfWork, rate_limiter: RateLimiter, token: Secret) -> Offered:
    """What a token offers. NotFound, InvitationSpent, InviterCannotGrant, RateLimited.

    Refuses what acceptance would refuse to everybody.
    """
    return await run_by_token(work, rate_limiter, lambda tx: find_acceptable(tx, token))


async def preview_in_full(
    work: UnitOfWork, rate_limiter: RateLimiter, token: Secret
) -> tuple[Offered, list[Destination]]:
    """The same with the workspaces that it offers, as far as they still exist."""

    async def find(tx: Tx) -> tuple[Offered, list[Destination]]:
        offered = await find_acceptable(tx, token)
        return offered, await offer_store.destinations(tx, offered.org_id, offered.id)

    return await run_by_token(work, rate_limiter, find)


async def preview_to_decline(work: UnitOfWork, rate_limiter: RateLimiter, token: Secret) -> Offered:
    """The open invitation of a token. NotFound, InvitationSpent, RateLimited."""

    async def find(tx: Tx) -> Offered:
        offered = await lookup.by_token(tx, token)
        rules.ensure_open(offered, tx.now)
        return offered

    return await run_by_token(work, rate_limiter, find)


async def find_joined(
    work: UnitOfWork,
    rate_limiter: RateLimiter,
    token: Secret,
    find_actor: Callable[[Tx], Awaitable[Actor | None]],
) -> tuple[Actor | None, Offered | None]:
    """Who opens the invitation, and the invitation itself if they are a member by it already.

    NotFound, InvitationResent, RateLimited.
    """

    async def find(tx: Tx) -> tuple[Actor | None, Offered | None]:
        actor = await find_actor(tx)
        offered = await lookup.by_token(tx, token) if actor else None
        has_joined = actor and offered and rules.rejoins(offered, actor.id)
        return actor, offered if has_joined else None

    return await run_by_token(work, rate_limiter, find)


async def find_acceptable(tx: Tx, token: Secret) -> Offered:
    """The invitation of a token that can be accepted. NotFound, InvitationSpent,
    InviterCannotGrant."""
    offered = await lookup.by_token(tx, token)
    workspaces = await offer_store.offered_places(
        tx, offered.org_id, offered.id, seen_by=offered.inviter.id
    )
    rules.ensure_acceptable(offered, workspaces.values(), tx.now)
    return offered
