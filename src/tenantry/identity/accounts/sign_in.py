"""Signing in and out, renewing and revoking sessions."""

from tenantry.authz.authority import Actor
from tenantry.authz.claims import Claims, InvalidToken
from tenantry.credentials.tokens.authentication import Authentication
from tenantry.identity.accounts.context import AccountContext
from tenantry.identity.accounts.model import BadCredentials
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.sessions.model import Opened
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import Credentials
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx


async def sign_in(ctx: AccountContext, *, email: str | None, password: str) -> Opened:
    """A new session by password; `email` is None where the address that was given cannot be one.

    BadCredentials for every cause alike, after the same time; RateLimited before the password is
    checked, whether or not there is such an account.
    """
    credentials = await check_password(ctx, email, password)
    return await ctx.run(
        lambda tx: open_session(ctx, tx, credentials, email), about=credentials.user_id
    )


async def check_password(ctx: AccountContext, email: str | None, password: str) -> Credentials:
    """The credentials that the password matches. BadCredentials, RateLimited; as `sign_in`."""

    async def find(tx: Tx) -> Credentials | None:
        return await users.find_credentials(tx, email) if email is not None else None

    hits = policies.sign_in(ctx.rate_limiter.network, email or "")
    found = await ctx.rate_limiter.run_counted(ctx.database, hits, find)
    password_hash = found.password_hash if found else None
    if not await ctx.passwords.verify(password_hash, password) or found is None:
        raise BadCredentials
    return found


async def open_session(
    ctx: AccountContext, tx: Tx, credentials: Credentials, email: str | None
) -> Opened:
    """A session by a checked password. BadCredentials where it was changed since the check."""
    if await users.lock_credentials(tx, credentials.user_id) != credentials:
        raise BadCredentials
    events.record_of_account(tx, credentials.user_id, "session.created")
    ctx.rate_limiter.note(tx, policies.known(ctx.rate_limiter.network, email or ""))
    return sessions.open_session(tx, credentials.user_id, ctx.client)


async def refresh(ctx: AccountContext, token: Secret) -> Opened | None:
    """Renew a session by its refresh token; None where it cannot be renewed."""
    return await ctx.run(lambda tx: sessions.refresh(tx, token))


async def revoke(ctx: AccountContext, authentication: Authentication, token: str) -> bool:
    """End the session of a refresh token or an access token, as its bearer (RFC 7009).

    True for invalid tokens as well; False for a valid one that has no session, such as an API key.
    IssuerUnavailable.
    """
    if await ctx.run(lambda tx: sessions.revoke(tx, Secret(token))):
        return True
    try:
        bearer = await authentication.authenticate(token, ctx.database.execute)
    except InvalidToken:
        return True
    if not isinstance(bearer, Claims):
        return False
    await ctx.run(lambda tx: sessions.revoke_session(tx, bearer))
    return True


async def sign_out(tx: Tx, actor: Actor) -> None:
    """End the session that is signing out."""
    await sessions.end(tx, actor.id, actor.session_id)
