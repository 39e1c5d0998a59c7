"""Stored responses: replayed for a day, deleted with their caller, without erased people."""

from datetime import datetime, timedelta
from uuid import UUID

from tenantry.platform.idempotency import store
from tenantry.platform.idempotency.model import Erased, IdempotencyKey, KeyReused, StoredAnswer
from tenantry.postgres.transaction import Tx

KEPT = timedelta(hours=24)


async def replay(tx: Tx, key: IdempotencyKey) -> StoredAnswer | None:
    """The stored response to the same call; None for the first. KeyReused, IdempotencyInFlight.

    The key is claimed in the transaction of the change, and released if it is rolled back.
    """
    if await store.claim(tx, key, tx.now - KEPT):
        return None
    answer = await store.find(tx, key)
    if answer is None or answer.fingerprint != key.fingerprint:
        raise KeyReused
    return answer


def keep(tx: Tx, key: IdempotencyKey, status: int, headers: dict[str, str], body: bytes) -> None:
    """Store the response to the first call, in the transaction of the change."""
    store.keep(tx, key, status, headers, body)


async def sweep(tx: Tx, most: int) -> int:
    """Delete at most `most` responses that are older than a day; returns how many."""
    return await store.sweep(tx, tx.now - KEPT, most)


async def forget(tx: Tx, caller_id: UUID, most: int) -> int:
    """Delete at most `most` responses to one caller; returns how many."""
    return await store.forget(tx, caller_id, most)


async def erase(
    tx: Tx, person: Erased, *, after: datetime, until: datetime, most: int
) -> datetime | None:
    """Erase a person from the next `most` responses to any caller.

    Repeated calls still get the same response, without the person. Returns the time of the last
    response read, to continue from; None if there are no more.
    """
    end = await store.batch_end(tx, after, until, most)
    if end is not None:
        for caller_id, key, body in await store.find_naming(tx, after, end, person.search_texts):
            store.rewrite(tx, caller_id, key, person.without(body))
    return end
