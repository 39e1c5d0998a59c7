"""Making two acts meet at a lock, so that a race is run the same way every time."""

import asyncio
import time
from typing import Any

import psycopg

from tests.support.processes import CEILING

_WAITING = "select count(*) from pg_locks where not granted"


async def until_waiting(admin: psycopg.Connection[Any], *tasks: asyncio.Task[Any]) -> None:
    """Return once each of the tasks waits for a lock of PostgreSQL, or is over."""
    deadline = time.monotonic() + CEILING
    while time.monotonic() < deadline:
        open_tasks = sum(not task.done() for task in tasks)
        if count(admin, _WAITING) >= open_tasks:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the acts neither waited for a lock nor ended")


def count(admin: psycopg.Connection[Any], query: str, *values: object) -> int:
    """The one number that a query gives."""
    row = admin.execute(query.encode(), values).fetchone()
    assert row is not None
    return int(row[0])
