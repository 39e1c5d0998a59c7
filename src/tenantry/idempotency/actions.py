"""Forgetting kept answers: after their day, with their caller, or for whom they name."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.database.transaction import Tx
from tenantry.idempotency import store

KEPT = timedelta(hours=24)


async def sweep(tx: Tx, most: int) -> int:
    """Forget at most so many answers whose day is over; how many."""
    return await store.sweep(tx, tx.now - KEPT, most)


async def forget(tx: Tx, caller_id: UUID, most: int) -> int:
    """Forget at most so many answers that a caller was given; how many."""
    return await store.forget(tx, caller_id, most)


async def forget_naming(
    tx: Tx, sought: Sequence[str], *, after: datetime, until: datetime, most: int
) -> datetime | None:
    """Of the next `most` answers that anybody was given, forget those that contain a text.

    When the last one that was looked at was kept, to go on from; None where there are no more.
    """
    end = await store.piece_end(tx, after, until, most)
    if end is not None:
        await store.forget_naming(tx, after, end, list(sought))
    return end
