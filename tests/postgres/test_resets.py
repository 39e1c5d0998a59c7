"""A server's last words and the reset of its connection, in one moment: on each event loop.

libuv reports a reset once and stops polling; asyncio's own loop reports it repeatedly.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import uvloop
from psycopg.conninfo import conninfo_to_dict

from tenantry.cli.provision import SERVICE
from tenantry.embedded.server import PORT
from tenantry.postgres.connection import Connection
from tenantry.postgres.pool.connection_pool import ConnectionPool
from tenantry.postgres.pool.options import PoolOptions
from tests.faults.proxy import Proxy
from tests.postgres.backends import NAP, Admin, is_busy, pid_of, until
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING

Run = Callable[[Coroutine[Any, Any, None]], None]

each_loop = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


@pytest.fixture
def proxy(postgres: TestPostgres) -> Generator[Proxy]:
    """A proxy before this run's PostgreSQL."""
    folder = Path(str(conninfo_to_dict(postgres.server.dsn(SERVICE, "postgres"))["host"]))
    made = Proxy(lambda: folder / f".s.PGSQL.{PORT}")
    yield made
    made.stop()


@asynccontextmanager
async def line_through(proxy: Proxy) -> AsyncGenerator[Connection]:
    """A line that goes through the proxy."""
    pool = ConnectionPool(
        proxy.dsn(SERVICE, "postgres"), PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING)
    )
    taken = await pool.acquire()
    yield taken
    pool.release(taken)
    await pool.close()


@each_loop
def test_who_waits_for_an_answer_hears_the_end(run: Run, proxy: Proxy, admin: Admin) -> None:
    """On uvloop they wait for ever without reading up before waiting again. Tried."""

    async def asking() -> None:
        async with line_through(proxy) as connection:
            pid = await pid_of(connection)
            nap = asyncio.create_task(connection.execute_pipeline([NAP(60)]))
            await until(lambda: is_busy(admin, pid))
            proxy.last_words()  # both are there before the loop looks
            async with asyncio.timeout(CEILING):
                with pytest.raises(psycopg.OperationalError):
                    await nap
            assert not connection.usable

    run(asking())


@each_loop
def test_an_idle_line_hears_the_end(run: Run, proxy: Proxy) -> None:
    """On uvloop it stays usable without reading up. Tried."""

    async def idling() -> None:
        async with line_through(proxy) as connection:
            await pid_of(connection)
            proxy.last_words()
            await until(lambda: not connection.usable)

    run(idling())
