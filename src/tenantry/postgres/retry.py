"""Retrying a unit of work that PostgreSQL rolled back in favor of another."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from psycopg import errors

from tenantry.postgres.bulkhead import Crowded
from tenantry.postgres.failures import DatabaseLocked, StatementOutdated

ATTEMPTS = 3

# Without a pause, the one that was rolled back would lock again before the other has woken up.
_PAUSE_SECONDS = 0.03

T = TypeVar("T")

_CONFLICT = (errors.SerializationFailure, errors.DeadlockDetected)
_UNDONE = (*_CONFLICT, StatementOutdated)


def _nothing() -> bool:
    return False


async def repeated(run: Callable[[], Awaitable[T]], has_kept: Callable[[], bool] = _nothing) -> T:
    """What `run` gives, which is run again where a deadlock or a serialization failure undid it.

    Three times in all, each from the start, then DatabaseLocked; not where `has_kept` tells that an
    earlier transaction of it was committed. Where it found a tenant crowded, it waits for a place
    there, without a connection, and keeps that while it runs again.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return await run()
        except Crowded as crowded:
            if has_kept():
                raise
            async with crowded.place():
                return await repeated(run, has_kept)
        except _UNDONE:
            if has_kept():
                raise
        await asyncio.sleep(_PAUSE_SECONDS * attempt)
    try:
        return await run()
    except _CONFLICT as undone:
        raise DatabaseLocked(f"undone {ATTEMPTS} times for the sake of others") from undone
