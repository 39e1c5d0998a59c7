"""Running a unit of work again where PostgreSQL undid it for the sake of another."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from psycopg import errors

from tenantry.database.failures import DatabaseLocked, StatementOutdated

ATTEMPTS = 3

T = TypeVar("T")

_CONFLICT = (errors.SerializationFailure, errors.DeadlockDetected)
_UNDONE = (*_CONFLICT, StatementOutdated)


def _nothing() -> bool:
    return False


async def repeated(run: Callable[[], Awaitable[T]], has_kept: Callable[[], bool] = _nothing) -> T:
    """What `run` gives, which is run again where a deadlock or a serialization failure undid it.

    Three times in all, each from the start, then DatabaseLocked; not where `has_kept` tells that an
    earlier transaction of it was committed.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return await run()
        except _UNDONE:
            if has_kept():
                raise
    try:
        return await run()
    except _CONFLICT as undone:
        raise DatabaseLocked(f"undone {ATTEMPTS} times for the sake of others") from undone
