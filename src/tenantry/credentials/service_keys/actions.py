"""Use cases of service keys: operators create, rotate and revoke them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.credentials.service_keys import store
from tenantry.credentials.service_keys.model import (
    IssuedServiceKey,
    ServiceKeyExpired,
    ServiceKeyExpiryPassed,
    StoredKey,
)
from tenantry.kit import bearer_keys
from tenantry.kit.ids import new_id
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx


async def create(
    tx: Tx, operator: Operator, *, name: str, expires_at: datetime | None
) -> IssuedServiceKey:
    """Create a key, whose secret is shown only once. ServiceKeyExpiryPassed."""
    if expires_at is not None and expires_at <= tx.now:
        raise ServiceKeyExpiryPassed
    secret = bearer_keys.new_key(bearer_keys.SERVICE_KEY)
    key = StoredKey(
        id=new_id(),
        name=name,
        hint=bearer_keys.hint_of(secret),
        expires_at=expires_at,
        last_used_at=None,
        created_at=tx.now,
        updated_at=tx.now,
    )
    store.insert(tx, key, secret.digest, operator.actor.id)
    _record(tx, operator, "service_key.created", key.made())
    return IssuedServiceKey(key, secret)


async def get(reader: AuthorizedReader, key_id: UUID) -> StoredKey:
    found = await store.find(reader, key_id)
    if found is None:
        raise NotFound
    return found


async def list_keys(reader: AuthorizedReader, page: PageRequest) -> Page[StoredKey]:
    return Page.of(page, await store.list_all(reader, page))


async def rotate(
    tx: Tx, operator: Operator, key_id: UUID, *, overlap: timedelta
) -> IssuedServiceKey:
    """Give a key a new secret, shown only once. The current one stays valid for the overlap, and
    older ones are revoked: at most two are valid.

    NotFound, ServiceKeyExpired.
    """
    key = await _lock(tx, key_id)
    if key.expires_at is not None and key.expires_at <= tx.now:
        raise ServiceKeyExpired
    secret = bearer_keys.new_key(bearer_keys.SERVICE_KEY)
    renewed = replace(key, hint=bearer_keys.hint_of(secret), updated_at=tx.now)
    store.renew(tx, renewed, secret.digest, tx.now + overlap)
    _record(tx, operator, "service_key.rotated", key.became(renewed))
    return IssuedServiceKey(renewed, secret)


async def revoke(tx: Tx, operator: Operator, key_id: UUID) -> None:
    """Revoke a key, effective with the commit. NotFound."""
    key = await _lock(tx, key_id)
    store.delete(tx, key.id)
    _record(tx, operator, "service_key.revoked", key.ended())


def note_uses(tx: Tx, uses: Mapping[UUID, datetime]) -> None:
    store.note_uses(tx, uses)


async def _lock(tx: Tx, key_id: UUID) -> StoredKey:
    key = await store.lock(tx, key_id)
    if key is None:
        raise NotFound
    return key


def _record(tx: Tx, operator: Operator, action: str, change: Change) -> None:
    # A service key belongs to no organization, so the event is recorded in the operator's account.
    events.record_of_account(tx, operator.actor.id, action, [change], by=operator)
