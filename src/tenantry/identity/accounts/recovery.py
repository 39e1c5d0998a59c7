"""Passwords forgotten, reset and changed; each new one ends the other sessions at once."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime

from tenantry.authz.authority import Actor
from tenantry.identity.accounts import emails, rules, store
from tenantry.identity.accounts.actions import hold_by_token
from tenantry.identity.accounts.model import Purpose, WrongPassword
from tenantry.identity.accounts.passwords import Passwords
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import Credentials, User
from tenantry.kit.refusals import Conflict, NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.database import Database
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx

# Asking for a new password takes this long at least, whether or not there is such an account.
_ASKING_SECONDS = 0.15


class PasswordChanged(Conflict):
    """Somebody changed the password in the meantime."""

    code = "password_changed"
    detail = "The password was changed in the meantime. Try again with the new one."


async def forget_password(tx: Tx, outbox: Outbox, email: str) -> None:
    """Send a letter by which the person chooses a new password; silent where there is none."""
    known = await users.find_by_email(tx, email)
    if known is None:
        return
    tx.join(known.id)  # anybody may ask, as often as they like, while the person is locked
    user = await users.hold_by_email(tx, email)
    if user is None or user.disabled_at is not None:
        return
    token = Secret.new()
    store.insert_token(tx, token.digest, user.id, Purpose.RECOVERY, user.email)
    outbox.enqueue(tx, emails.password_reset(outbox.links, user, token))


async def ask_for_reset(
    database: Database, outbox: Outbox, rate_limiter: RateLimiter, email: str
) -> None:
    """The same for whoever asks, counted, and in the same time whether or not there is an account.

    RateLimited. It opens a transaction of its own.
    """
    await rate_limiter.hit_first(database, policies.forgotten_password(rate_limiter.network, email))
    began = time.monotonic()
    await database.run(lambda tx: forget_password(tx, outbox, email))
    await asyncio.sleep(_ASKING_SECONDS - (time.monotonic() - began))


async def preview_reset(reader: Reader, token: Secret, now: datetime) -> User:
    """Whose password the token would reset; to know before hashing. NotFound; TokenSpent."""
    known = rules.ensure_usable(await store.find_token(reader, token.digest), Purpose.RECOVERY, now)
    user = await users.get(reader, known.user_id)
    if user.disabled_at is not None:
        raise NotFound
    return user


async def owner_of_token(database: Database, rate_limiter: RateLimiter, token: Secret) -> User:
    """The same, counted, before anything is hashed. RateLimited.

    Unknown tokens are charged to the network, a good one to its account: what others try in the
    same network keeps nobody from choosing a password.
    """
    missed = policies.unknown_reset(rate_limiter.network)
    async with rate_limiter.counting_misses(database, missed):
        user = await database.run(lambda tx: preview_reset(tx, token, tx.now))
    await rate_limiter.hit_first(database, policies.password_reset(user.id))
    return user


async def has_password(reader: Reader, user: User) -> bool:
    """Whether there is a password to be replaced, or a first one to be chosen."""
    return (await users.get_credentials(reader, user.id)).password_hash is not None


@dataclass(frozen=True, slots=True)
class Recovered:
    """Whose password was reset, and whether that was the first proof of their address."""

    user: User
    first_proof: bool


async def reset_password(tx: Tx, token: Secret, password_hash: str) -> Recovered:
    """Set a new password by the letter's token, and end every session. NotFound; TokenSpent.

    Whoever has the letter reads the address, so it is proven thereby. Where it was not before,
    somebody else may have signed up with it: see `departures.reset_password`.
    """
    user, _ = await hold_by_token(tx, token, Purpose.RECOVERY)
    await users.set_password(tx, user.id, password_hash)
    first_proof = await users.verify_email(tx, user.id)
    sessions.end_others(tx, user.id, keep=None)
    store.spend_tokens(tx, user.id, Purpose.RECOVERY)
    store.spend_tokens(tx, user.id, Purpose.VERIFY_EMAIL)
    return Recovered(user, first_proof)


async def check_current(passwords: Passwords, credentials: Credentials, password: str) -> None:
    """WrongPassword where it is not the present one."""
    if not await passwords.verify(credentials.password_hash, password):
        raise WrongPassword


async def change_password(
    tx: Tx, actor: Actor, credentials: Credentials, password_hash: str
) -> None:
    """Set a new password where `credentials` still hold; ends the person's other sessions."""
    await users.lock(tx, actor.id)
    if not await users.set_password(
        tx, actor.id, password_hash, replacing=credentials.password_hash
    ):
        raise PasswordChanged
    sessions.end_others(tx, actor.id, keep=actor.session_id)
    store.spend_tokens(tx, actor.id, Purpose.RECOVERY)
