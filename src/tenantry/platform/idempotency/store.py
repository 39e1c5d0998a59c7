"""The SQL that deletes and erases stored answers; `api/idempotency.py` writes and reads them."""

from datetime import datetime
from uuid import UUID

from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_SWEEP = Statement("""
    delete from idempotency_keys where (user_id, key) in (
      select user_id, key from idempotency_keys where created_at < $1 order by created_at limit $2
         for update skip locked)
""")
_FORGET = Statement("""
    delete from idempotency_keys where (user_id, key) in (
      select user_id, key from idempotency_keys where user_id = $1 limit $2)
""")
# The next so many answers by age, and those up to the last of them in which a text is found.
_BATCH_END = Statement("""
    select created_at from (select created_at from idempotency_keys
                             where created_at > $1 and created_at <= $2
                             order by created_at limit $3) piece
     order by created_at desc limit 1
""")
_NAMING = Statement("""
    select user_id, key, body from idempotency_keys
     where created_at > $1 and created_at <= $2
       and exists (select from unnest($3::text[]) sought
                    where position(convert_to(sought, 'UTF8') in body) > 0)
       for update
""")
_REWRITE = Statement("update idempotency_keys set body = $3 where user_id = $1 and key = $2")


async def sweep(tx: Tx, before: datetime, most: int) -> int:
    """Delete at most so many answers that were stored before a time; returns how many."""
    return await tx.count(_SWEEP(before, most))


async def forget(tx: Tx, user_id: UUID, most: int) -> int:
    """Delete at most so many answers to one caller; returns how many."""
    return await tx.count(_FORGET(user_id, most))


async def batch_end(tx: Tx, after: datetime, until: datetime, most: int) -> datetime | None:
    """The time of the last of the next so many answers; None if there are none."""
    row = await tx.row(_BATCH_END(after, until, most))
    return row[0] if row else None


async def find_naming(
    tx: Tx, after: datetime, end: datetime, sought: list[str]
) -> list[tuple[UUID, str, bytes]]:
    """The answers of that time that contain one of the texts: caller, key and body."""
    rows = await tx.rows(_NAMING(after, end, sought))
    return [(row[0], row[1], bytes(row[2])) for row in rows]


def rewrite(tx: Tx, user_id: UUID, key: str, body: bytes) -> None:
    """Replace the body of an answer."""
    tx.enqueue(_REWRITE(user_id, key, body))
