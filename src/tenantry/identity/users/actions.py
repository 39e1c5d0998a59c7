"""Users: creating, changing, suspending and deleting them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.identity.users import store
from tenantry.identity.users.model import Credentials, EmailTaken, User, deletion
from tenantry.identity.users.store import count_organization as count_organization
from tenantry.identity.users.store import find_by_email as find_by_email
from tenantry.identity.users.store import find_credentials as find_credentials
from tenantry.identity.users.store import hold_by_email as hold_by_email
from tenantry.identity.users.store import is_abandoned as is_abandoned
from tenantry.identity.users.store import lock_credentials as lock_credentials
from tenantry.identity.users.store import release_organization as release_organization
from tenantry.kit.expectations import Expectation, any_version
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.kit.retention import due
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.context import PersonContext
from tenantry.platform.rate_limits import policies
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx


async def create(
    tx: Tx, *, email: str, name: str, password_hash: str | None, email_verified: bool
) -> User:
    """A new person. EmailTaken if the address has an account; of concurrent calls, one wins."""
    user = User(new_id(), email, email_verified, name, tx.now, tx.now)
    if not await store.claim_address(tx, email, user.id):
        raise EmailTaken
    store.insert(tx, user, password_hash)
    return user


async def get(reader: Reader, user_id: UUID) -> User:
    user = await store.find(reader, user_id)
    if user is None:
        raise NotFound
    return user


async def lock(tx: Tx, user_id: UUID) -> User:
    """The person, locked. NotFound."""
    user = await store.lock(tx, user_id)
    if user is None:
        raise NotFound
    return user


async def get_credentials(reader: Reader, user_id: UUID) -> Credentials:
    credentials = await store.find_credentials_of(reader, user_id)
    if credentials is None:
        raise NotFound
    return credentials


async def update_own(
    ctx: PersonContext, *, name: str | None, expected: Expectation[User] = any_version
) -> User:
    """Change one's own name, if one is given. What `expected` raises; RateLimited."""
    tx, actor = ctx.tx, ctx.principal
    user = await lock(tx, actor.id)
    expected(user)
    if name is None or name == user.name:
        return user
    renamed = replace(user, name=name, updated_at=tx.now)
    store.rename(tx, user.id, name, tx.now)
    events.record_of_account(tx, actor.id, "user.updated", [user.became(renamed)])
    await ctx.rate_limiter.hit(tx, policies.name_change(actor.id))
    return renamed


def delete(tx: Tx, user: User, *, by: Operator | None = None, reason: str | None = None) -> None:
    """Delete a locked person and free their address. The event has neither name nor address.

    `by` and `reason` say who deleted them, and why, unless it was the person themselves.
    """
    store.delete(tx, user)
    changes = [] if reason is None else [deletion(user.id, reason)]
    events.record_of_account(tx, user.id, "user.deleted", changes, by=by)


async def list_users(
    reader: AuthorizedReader, page: PageRequest, *, email: str | None
) -> Page[User]:
    return Page.of(page, await store.list_users(reader, page, email))


def set_suspension(
    tx: Tx,
    operator: Operator,
    user: User,
    action: str,
    *,
    disabled_at: datetime | None,
    reason: str,
) -> User:
    """Record what an operator did to the account of a locked person, and why."""
    changed = replace(user, disabled_at=disabled_at, status_reason=reason)
    store.set_suspension(tx, changed)
    change = Change.restated(Kind.USER, user.id, user.suspension(), changed.suspension())
    events.record_of_account(tx, user.id, action, [change], by=operator)
    return changed


async def verify_email(tx: Tx, user_id: UUID) -> bool:
    """Record that the address is confirmed; False if it was already."""
    verified = await store.verify(tx, user_id, tx.now)
    if verified:
        events.record_of_account(tx, user_id, "user.email_verified")
    return verified


async def set_password(
    tx: Tx, user_id: UUID, password_hash: str, *, replacing: str | None = None
) -> bool:
    """Set a password; False if the present one is no longer the one that `replacing` names."""
    changed = await store.set_password(tx, user_id, password_hash, tx.now, replacing=replacing)
    if changed:
        events.record_of_account(tx, user_id, "user.password_changed")
    return changed


async def find_abandoned(
    tx: Tx, after: UUID, most: int, before: datetime
) -> tuple[list[UUID], UUID | None]:
    """Of the next `most` people with an unconfirmed address, those whose account is abandoned, and
    the id to continue after (None at the end).

    An account is abandoned when it was not used since a time, and no one else relies on it.
    """
    return due(await store.abandoned(tx, after, most, before), most)
