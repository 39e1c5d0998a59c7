"""The SQL of stored responses."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tenantry.platform.idempotency.model import (
    IdempotencyInFlight,
    IdempotencyKey,
    StoredAnswer,
)
from tenantry.postgres.failures import LockTimeout
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx


class StoredBody(NamedTuple):
    user_id: UUID
    key: str
    body: bytes


# If two calls have one key, the second waits here for the first, but only briefly.
_LOCK_TIMEOUT = Statement("select set_config('lock_timeout', $1, true)", str)
_CLAIM = Statement("""
    insert into idempotency_keys (user_id, key, fingerprint, created_at) values ($1, $2, $3, $4)
    on conflict (user_id, key) do update
       set fingerprint = $3, created_at = $4, status = null, headers = null, body = null
     where idempotency_keys.created_at <= $5
""")
_FIND = Statement(
    "select fingerprint, status, headers, body from idempotency_keys"
    " where user_id = $1 and key = $2",
    StoredAnswer,
)
_KEEP = Statement("""
    update idempotency_keys set status = $3, headers = $4, body = $5 where user_id = $1 and key = $2
""")
_SWEEP = Statement("""
    delete from idempotency_keys where (user_id, key) in (
      select user_id, key from idempotency_keys where created_at < $1 order by created_at limit $2
         for update skip locked)
""")
_FORGET = Statement("""
    delete from idempotency_keys where (user_id, key) in (
      select user_id, key from idempotency_keys where user_id = $1 limit $2)
""")
# The last response of the next batch by age, and the responses of the batch that contain a text.
_BATCH_END = Statement(
    """
    select created_at from (select created_at from idempotency_keys
                             where created_at > $1 and created_at <= $2
                             order by created_at limit $3) piece
     order by created_at desc limit 1
""",
    datetime,
)
_NAMING = Statement(
    """
    select user_id, key, body from idempotency_keys
     where created_at > $1 and created_at <= $2
       and exists (select from unnest($3::text[]) sought
                    where position(convert_to(sought, 'UTF8') in body) > 0)
       for update
""",
    StoredBody,
)
_REWRITE = Statement("update idempotency_keys set body = $3 where user_id = $1 and key = $2")


async def claim(tx: Tx, key: IdempotencyKey, expired: datetime) -> bool:
    """Claim a key; False if it was claimed since `expired`. IdempotencyInFlight."""
    tx.enqueue(_LOCK_TIMEOUT("1s"))
    try:
        taken = await tx.count(_CLAIM(key.caller_id, key.key, key.fingerprint, tx.now, expired))
    except LockTimeout:
        raise IdempotencyInFlight from None
    if taken:
        tx.enqueue(_LOCK_TIMEOUT("5s"))
    return taken == 1


async def find(tx: Tx, key: IdempotencyKey) -> StoredAnswer | None:
    return await tx.row(_FIND(key.caller_id, key.key))


def keep(tx: Tx, key: IdempotencyKey, status: int, headers: dict[str, str], body: bytes) -> None:
    """Store a response in the transaction of the change."""
    tx.enqueue(_KEEP(key.caller_id, key.key, status, headers, body))


async def sweep(tx: Tx, before: datetime, most: int) -> int:
    """Delete at most `most` responses that were stored before a time; returns how many."""
    return await tx.count(_SWEEP(before, most))


async def forget(tx: Tx, user_id: UUID, most: int) -> int:
    """Delete at most `most` responses to one caller; returns how many."""
    return await tx.count(_FORGET(user_id, most))


async def batch_end(tx: Tx, after: datetime, until: datetime, most: int) -> datetime | None:
    """The time of the last of the next `most` responses; None if there are none."""
    return await tx.row(_BATCH_END(after, until, most))


async def find_naming(
    tx: Tx, after: datetime, end: datetime, sought: list[str]
) -> list[StoredBody]:
    """The responses of that period that contain one of the texts."""
    return await tx.rows(_NAMING(after, end, sought))


def rewrite(tx: Tx, user_id: UUID, key: str, body: bytes) -> None:
    tx.enqueue(_REWRITE(user_id, key, body))
