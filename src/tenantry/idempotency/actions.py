"""Kept answers: forgotten after their day or with their caller, and rid of whom they name."""

from datetime import datetime, timedelta
from uuid import UUID

from tenantry.database.transaction import Tx
from tenantry.idempotency import store
from tenantry.idempotency.model import Erased

KEPT = timedelta(hours=24)


async def sweep(tx: Tx, most: int) -> int:
    """Forget at most so many answers whose day is over; how many."""
    return await store.sweep(tx, tx.now - KEPT, most)


async def forget(tx: Tx, caller_id: UUID, most: int) -> int:
    """Forget at most so many answers that a caller was given; how many."""
    return await store.forget(tx, caller_id, most)


async def erase(
    tx: Tx, person: Erased, *, after: datetime, until: datetime, most: int
) -> datetime | None:
    """Erase a person from the next `most` answers that anybody was given.

    The calls stay known by their keys: who repeats one is given the same answer without the person.
    When the last one that was looked at was kept, to go on from; None where there are no more.
    """
    end = await store.piece_end(tx, after, until, most)
    if end is not None:
        for caller_id, key, body in await store.naming(tx, after, end, person.sought):
            store.rewrite(tx, caller_id, key, person.without(body))
    return end
