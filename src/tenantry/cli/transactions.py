"""A command's transaction, in the configured database or the embedded one."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import TypeVar

from tenantry.cli.provision import existing_connections_of
from tenantry.cli.serving.preflight import ensure_migrated
from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.transaction import Tx
from tenantry.settings import Settings

T = TypeVar("T")


def in_transaction(settings: Settings, act: Callable[[Tx], Awaitable[T]]) -> T:
    """The result of one use case. CannotStart if the database is behind this release."""
    with ExitStack() as stack:
        url = existing_connections_of(settings, stack).service
        ensure_migrated(url)
        return run(url, act)


def run(database_url: str, act: Callable[[Tx], Awaitable[T]]) -> T:
    """The same, in a given database that is up to date."""
    return asyncio.run(_run(database_url, act))


async def _run(database_url: str, act: Callable[[Tx], Awaitable[T]]) -> T:
    database = Database(database_url, PoolOptions(size=1, patience=10))
    try:
        return await database.run(act)
    finally:
        await database.close()
