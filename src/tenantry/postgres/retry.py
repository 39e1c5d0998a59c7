"""Retrying a unit of work that PostgreSQL rolled back in favor of another."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from psycopg import errors

from tenantry.postgres.bulkhead import Crowded
from tenantry.postgres.failures import DatabaseLocked, StatementOutdated

ATTEMPTS = 3

# Without a pause, the transaction that was rolled back would lock again before the other resumes.
_PAUSE_SECONDS = 0.03

T = TypeVar("T")

_CONFLICT = (errors.SerializationFailure, errors.DeadlockDetected)
_UNDONE = (*_CONFLICT, StatementOutdated)


async def repeated(run: Callable[[], Awaitable[T]]) -> T:
    """The result of `run`, which is repeated after a deadlock or a serialization failure: three
    attempts in all, then DatabaseLocked.

    If a key's share of connections is in use, it waits without holding a connection.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return await run()
        except Crowded as crowded:
            async with crowded.place():
                return await repeated(run)
        except _UNDONE:
            pass
        await asyncio.sleep(_PAUSE_SECONDS * attempt)
    try:
        return await run()
    except _CONFLICT as undone:
        raise DatabaseLocked(f"rolled back {ATTEMPTS} times in favor of others") from undone
