"""A forgotten password: an email with a link, and the new password by its token."""

import asyncio
import time
from dataclasses import dataclass

from tenantry.identity.accounts import email_tokens, emails
from tenantry.identity.accounts.context import AccountContext
from tenantry.identity.accounts.model import Purpose
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.secrets import Secret
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx

# Asking takes at least this long, whether or not there is such an account.
_MIN_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class PasswordOwner:
    """Whose password the link sets, and whether it is the account's first."""

    user: User
    is_first: bool


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """Whose password was set, and whether the link was the first proof of their address."""

    user: User
    is_first_proof: bool


async def request_reset(ctx: AccountContext, *, email: str) -> None:
    """Email a link to choose a new password, where there is such an account.

    It takes the same time whether or not there is. RateLimited.
    """
    hits = policies.forgotten_password(ctx.rate_limiter.network, email)
    await ctx.rate_limiter.hit_first(ctx.database, hits)
    began = time.monotonic()
    await ctx.run(lambda tx: _send_reset(ctx, tx, email))
    await asyncio.sleep(_MIN_SECONDS - (time.monotonic() - began))


async def preview_reset(ctx: AccountContext, token: Secret) -> PasswordOwner:
    """Whose password the link sets. NotFound; TokenSpent."""

    async def act(tx: Tx) -> PasswordOwner:
        user = await email_tokens.find_user(tx, token, Purpose.RECOVERY, tx.now)
        credentials = await users.get_credentials(tx, user.id)
        return PasswordOwner(user, is_first=credentials.password_hash is None)

    return await ctx.run(act)


async def count_reset(ctx: AccountContext, token: Secret) -> PasswordOwner:
    """The same, counted, before a new password is hashed. RateLimited.

    Unknown tokens are charged to the network, valid ones to the account: what others try in the
    same network does not keep a person from choosing a password.
    """
    missed = policies.unknown_reset(ctx.rate_limiter.network)
    async with ctx.rate_limiter.counting_misses(ctx.database, missed):
        owner = await preview_reset(ctx, token)
    await ctx.rate_limiter.hit_first(ctx.database, policies.password_reset(owner.user.id))
    return owner


async def set_by_token(tx: Tx, token: Secret, password_hash: str) -> PasswordSet:
    """Set a password by the link's token, and end every session. NotFound; TokenSpent.

    The person with the link reads mail to the address, so this proves it. Where it was not proven
    before, someone else may have signed up with it: `offboarding.reset_password` sees to that.
    """
    user, _ = await email_tokens.lock(tx, token, Purpose.RECOVERY)
    await users.set_password(tx, user.id, password_hash)
    is_first_proof = await users.verify_email(tx, user.id)
    sessions.end_others(tx, user.id, keep=None)
    email_tokens.spend(tx, user.id, Purpose.RECOVERY)
    email_tokens.spend(tx, user.id, Purpose.VERIFY_EMAIL)
    return PasswordSet(user, is_first_proof)


async def _send_reset(ctx: AccountContext, tx: Tx, email: str) -> None:
    found = await users.find_by_email(tx, email)
    if found is None:
        return
    tx.join(found.id)  # anybody may ask, as often as they like, while the person is locked
    user = await users.hold_by_email(tx, email)
    if user is None or user.disabled_at is not None:
        return
    token = email_tokens.issue(tx, user, Purpose.RECOVERY)
    ctx.outbox.enqueue(tx, emails.password_reset(ctx.outbox.links, user, token))
