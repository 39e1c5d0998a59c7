"""Joining by an invitation while signing up or in."""

from uuid import UUID

from tenantry.identity.accounts.context import AccountContext
from tenantry.identity.accounts.model import NewAccount
from tenantry.identity.accounts.sign_in import check_password, open_session
from tenantry.identity.accounts.sign_up import (
    actor_of,
    ensure_sign_up_open,
    hash_new_password,
    open_account,
)
from tenantry.identity.sessions.model import Opened
from tenantry.identity.users import actions as users
from tenantry.kit.secrets import Secret
from tenantry.kit.text import name_from
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import accept, lookup, preview, rules


async def sign_up_by_invitation(
    ctx: AccountContext, *, token: Secret, email: str, password: str, name: str | None = None
) -> NewAccount:
    """Open an account for the invited address and join with it; the address counts as confirmed.

    SignUpClosed, RateLimited, WeakPassword, Overloaded, EmailTaken; and as `accept.accept`.
    """
    ensure_sign_up_open(ctx.sign_up, is_invited=True)
    await _count(ctx, token)
    name = name or name_from(email)
    password_hash = await hash_new_password(ctx, password, email, name)

    async def act(tx: Tx) -> NewAccount:
        offered = await lookup.by_token(tx, token)
        rules.ensure_addressed_to(offered, email)
        rules.ensure_open(offered, tx.now)
        account = await open_account(
            tx,
            email=email,
            name=name,
            password_hash=password_hash,
            client=ctx.client,
            email_verified=True,
        )
        actor = actor_of(account.user, account.session)
        locked = await lookup.lock_by_token(tx, token)
        await accept.join(ctx.use_case(tx, actor), locked)
        ctx.rate_limiter.note(tx, policies.known(ctx.rate_limiter.network, email))
        return account

    return await ctx.run(act)


async def sign_in_by_invitation(
    ctx: AccountContext, *, token: Secret, email: str, password: str
) -> Opened:
    """Sign in and join, or neither.

    BadCredentials, RateLimited, Overloaded; and as `accept.accept`.
    """
    credentials = await check_password(ctx, email, password)

    async def act(tx: Tx) -> Opened:
        session = await open_session(ctx, tx, credentials, email)
        user = await users.get(tx, credentials.user_id)
        await accept.accept(ctx.use_case(tx, actor_of(user, session)), token)
        return session

    return await ctx.run(act, about=credentials.user_id)


async def _count(ctx: AccountContext, token: Secret) -> None:
    """Count the sign-up before anything is hashed.

    It is charged to the invitation, of which there are only so many, and not to the network: a
    whole office may join in an hour. Without an acceptable invitation it counts as any sign-up.
    """

    async def find(tx: Tx) -> UUID:
        return (await preview.find_acceptable(tx, token)).id

    missed = policies.sign_up(ctx.rate_limiter.network)
    async with ctx.rate_limiter.counting_misses(ctx.database, missed):
        invitation_id = await ctx.run(find)
    await ctx.rate_limiter.hit_first(ctx.database, policies.sign_up_by_invitation(invitation_id))
