"""The tokens in emails to people: issued for one purpose, and spent by it."""

from datetime import datetime, timedelta

from tenantry.identity.accounts import rules, store
from tenantry.identity.accounts.model import LIFETIMES, RETENTION, AccountToken, Purpose
from tenantry.identity.accounts.store import delete_all as delete_all
from tenantry.identity.accounts.store import spend as spend
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx


def issue(tx: Tx, user: User, purpose: Purpose, *, lifetime: timedelta | None = None) -> Secret:
    """A new token for an email to this person; valid as long as its purpose says by default."""
    token = Secret.new()
    expires_at = tx.now + (lifetime or LIFETIMES[purpose])
    store.insert_token(tx, token.digest, user.id, purpose, user.email, expires_at)
    return token


async def find_user(reader: Reader, token: Secret, purpose: Purpose, now: datetime) -> User:
    """The person whose email had the token. NotFound, also if they are disabled; TokenSpent."""
    found = rules.ensure_usable(await store.find_token(reader, token.digest), purpose, now)
    return _enabled(await users.get(reader, found.user_id))


async def lock(tx: Tx, token: Secret, purpose: Purpose) -> tuple[User, AccountToken]:
    """The person and the token, both locked. NotFound, also if they are disabled; TokenSpent.

    The person is locked first, as everywhere: an act that spends all tokens of a person would
    otherwise deadlock with this one.
    """
    found = rules.ensure_usable(await store.find_token(tx, token.digest), purpose, tx.now)
    user = _enabled(await users.lock(tx, found.user_id))
    return user, rules.ensure_usable(await store.lock_token(tx, token.digest), purpose, tx.now)


async def sweep(tx: Tx, limit: int) -> int:
    """Delete at most `limit` tokens that expired long ago; returns how many."""
    return await store.sweep(tx, tx.now - RETENTION, limit)


def _enabled(user: User) -> User:
    if user.disabled_at is not None:
        raise NotFound
    return user
