"""What happens to a person, apart from where they belong."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import Actor, Operator
from tenantry.authz.authorization import AuthorizedReader
from tenantry.identity.users import store
from tenantry.identity.users.model import Credentials, EmailTaken, User, deletion
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.kit.retention import due
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx


async def create(
    tx: Tx, *, email: str, name: str, password_hash: str | None, email_verified: bool
) -> User:
    """A new person. EmailTaken where the address has an account; of several at once, one wins."""
    user = User(new_id(), email, email_verified, name, tx.now, tx.now)
    if not await store.claim_address(tx, email, user.id):
        raise EmailTaken
    store.insert(tx, user, password_hash)
    return user


async def get(reader: Reader, user_id: UUID) -> User:
    """The person of this id, or NotFound."""
    user = await store.find(reader, user_id)
    if user is None:
        raise NotFound
    return user


async def lock(tx: Tx, user_id: UUID) -> User:
    """The person, for a change that depends on how they are now. NotFound where they have gone."""
    user = await store.lock(tx, user_id)
    if user is None:
        raise NotFound
    return user


async def find_by_email(reader: Reader, address: str) -> User | None:
    """The person with this address."""
    return await store.find_by_email(reader, address)


async def hold_by_email(tx: Tx, address: str) -> User | None:
    """The same, for what is written about them: they cannot be deleted meanwhile."""
    return await store.hold_by_email(tx, address)


async def find_credentials(reader: Reader, address: str) -> Credentials | None:
    """What a sign-in with this address is checked against."""
    return await store.credentials(reader, address)


async def get_credentials(reader: Reader, user_id: UUID) -> Credentials:
    """What this person's own password is checked against. NotFound where they have gone."""
    credentials = await store.credentials_of(reader, user_id)
    if credentials is None:
        raise NotFound
    return credentials


async def lock_credentials(tx: Tx, user_id: UUID) -> Credentials | None:
    """A person's credentials, unchangeable by others until the end of the transaction."""
    return await store.lock_credentials(tx, user_id)


def count_organization(tx: Tx, user_id: UUID, maximum: int) -> None:
    """Count one more organization that a person makes. LimitReached, at the latest on commit."""
    store.count_organization(tx, user_id, maximum)


async def hold_maker(tx: Tx, user_id: UUID) -> None:
    """Lock who made an organization, before it is: users come before organizations."""
    await store.lock(tx, user_id)


async def release_organization(tx: Tx, user_id: UUID) -> None:
    """Count one less; nothing where the person has gone."""
    await store.release_organization(tx, user_id)


async def rename(tx: Tx, rate_limiter: RateLimiter, actor: Actor, user: User, *, name: str) -> User:
    """Give a person, locked before, the name that they want. RateLimited."""
    renamed = replace(user, name=name, updated_at=tx.now)
    if renamed.name == user.name:
        return user
    store.rename(tx, user.id, name, tx.now)
    change = Change.updated(Kind.USER, user.id, user.snapshot(), renamed.snapshot())
    events.record_of_account(tx, actor.id, "user.updated", [change])
    await rate_limiter.hit(tx, policies.name_change(actor.id))
    return renamed


def delete(tx: Tx, user: User, *, by: Operator | None = None, reason: str | None = None) -> None:
    """Delete a person, locked before; their address is free. No event tells name or address.

    `by` and `reason` say who did it, and why, where it was not the person themselves.
    """
    store.delete(tx, user)
    told = [] if reason is None else [deletion(user.id, reason)]
    events.record_of_account(tx, user.id, "user.deleted", told, by=by)


async def list_users(
    reader: AuthorizedReader, page: PageRequest, *, email: str | None
) -> Page[User]:
    """People of the whole service, for operators; the one with an address if wanted."""
    return Page.of(page, await store.list_users(reader, page, email))


def disable(tx: Tx, operator: Operator, user: User, *, reason: str) -> User:
    """Note that a person, locked before, is shut out; who is already stays as they are.

    Their sessions are the caller's to end.
    """
    if user.disabled_at is not None:
        return user
    changed = replace(user, disabled_at=tx.now, status_reason=reason)
    return _set_standing(tx, operator, user, changed, "user.disabled")


def enable(tx: Tx, operator: Operator, user: User, *, reason: str) -> User:
    """Note that a person, locked before, may come in again; who may already stays as they are."""
    if user.disabled_at is None:
        return user
    changed = replace(user, disabled_at=None, status_reason=reason)
    return _set_standing(tx, operator, user, changed, "user.enabled")


def note_sign_out(tx: Tx, operator: Operator, user: User, *, reason: str) -> User:
    """Note that a person, locked before, was signed out by an operator, and why.

    Their sessions are the caller's to end.
    """
    changed = replace(user, status_reason=reason)
    return _set_standing(tx, operator, user, changed, "user.signed_out")


def _set_standing(tx: Tx, operator: Operator, user: User, changed: User, action: str) -> User:
    store.set_standing(tx, changed)
    change = Change.restated(Kind.USER, user.id, user.suspension(), changed.suspension())
    events.record_of_account(tx, user.id, action, [change], by=operator)
    return changed


async def verify_email(tx: Tx, user_id: UUID) -> bool:
    """Note that the person reads what is sent to their address; False where that was known."""
    verified = await store.verify(tx, user_id, tx.now)
    if verified:
        events.record_of_account(tx, user_id, "user.email_verified")
    return verified


async def set_password(
    tx: Tx, user_id: UUID, password_hash: str, *, replacing: str | None = None
) -> bool:
    """Set a password. False where it is not `replacing` any more: somebody was faster."""
    changed = await store.set_password(tx, user_id, password_hash, tx.now, replacing=replacing)
    if changed:
        events.record_of_account(tx, user_id, "user.password_changed")
    return changed


async def find_abandoned(
    tx: Tx, after: UUID, most: int, before: datetime
) -> tuple[list[UUID], UUID | None]:
    """Of the next so many who never proved their address, those whom nobody would miss.

    They were not seen since a time, and hold nothing that anybody else relies on. And after whom to
    go on; None at the end.
    """
    return due(await store.abandoned(tx, after, most, before), most)


async def is_abandoned(tx: Tx, user_id: UUID, before: datetime) -> bool:
    """Whether a person, locked before, is one of them."""
    return await store.is_abandoned(tx, user_id, before)
