"""Changing the password while signed in."""

from tenantry.authz.authority import Actor
from tenantry.authz.authorization import Authorization
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.claims import Claims
from tenantry.identity.accounts import email_tokens
from tenantry.identity.accounts.context import AccountContext
from tenantry.identity.accounts.model import PasswordChanged, Purpose, WrongPassword
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import Credentials
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx


async def change_password(
    ctx: AccountContext, actor: Actor, *, current_password: str, new_password: str
) -> None:
    """Set a new password, and end the person's other sessions.

    RateLimited, WrongPassword, WeakPassword, Overloaded; PasswordChanged where someone else
    changed it meanwhile; Unauthenticated.
    """
    credentials = await _count_and_read(ctx, actor)
    await _ensure_current(ctx, credentials, current_password)
    password_hash = await ctx.passwords.choose(
        new_password, pointer="#/new_password", known=[actor.email, actor.name]
    )

    async def act(tx: Tx, who: Actor) -> None:
        await users.lock(tx, who.id)
        if not await users.set_password(
            tx, who.id, password_hash, replacing=credentials.password_hash
        ):
            raise PasswordChanged
        sessions.end_others(tx, who.id, keep=who.session_id)
        email_tokens.spend(tx, who.id, Purpose.RECOVERY)

    await ctx.run_as(actor, act)


async def confirm_password(ctx: AccountContext, actor: Actor, current_password: str) -> None:
    """Check the current password before an act that cannot be undone; accounts may have none.

    RateLimited, WrongPassword, Overloaded, Unauthenticated.
    """
    credentials = await _count_and_read(ctx, actor)
    if credentials.password_hash is not None:
        await _ensure_current(ctx, credentials, current_password)


async def _count_and_read(ctx: AccountContext, actor: Actor) -> Credentials:
    await ctx.rate_limiter.hit_first(ctx.database, policies.password_change(actor.id))
    authorization = Authorization(Claims(actor.id, actor.session_id))
    reader = AuthorizedReader(authorization, ctx.database.execute)
    return await users.get_credentials(reader, actor.id)


async def _ensure_current(ctx: AccountContext, credentials: Credentials, password: str) -> None:
    if not await ctx.passwords.verify(credentials.password_hash, password):
        raise WrongPassword
