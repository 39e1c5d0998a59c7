"""Waiting for PostgreSQL fails when it hangs, and only then."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator

import pytest

from tenantry.cli.provision import Connections
from tenantry.postgres.connection import DatabaseUnavailable
from tenantry.postgres.pool.connection_pool import ConnectionPool
from tenantry.postgres.pool.options import PoolOptions
from tests.postgres.backends import NAP, ONE, Admin, pid_of
from tests.support.processes import CEILING, wait_for


@pytest.fixture
async def lines(notebook: Connections) -> AsyncGenerator[ConnectionPool]:
    """Two lines, and no one who is in a hurry."""
    lines = ConnectionPool(
        notebook.service, PoolOptions(size=2, patience=CEILING, queue_timeout=CEILING)
    )
    yield lines
    await lines.close()


async def test_an_answer_that_is_only_late_is_waited_for(lines: ConnectionPool) -> None:
    connection = await lines.acquire()
    async with asyncio.timeout(CEILING):
        await connection.execute_pipeline([NAP(2)])
    lines.release(connection)


async def test_where_no_one_answers_all_who_wait_are_told(
    lines: ConnectionPool, admin: Admin
) -> None:
    """Its line for signs of life hangs as well, as it does where all of PostgreSQL hangs."""
    connection = await lines.acquire()
    served = [await pid_of(connection)]
    async with asyncio.timeout(CEILING):
        await connection.execute_pipeline([NAP(1)])  # late enough that the pulse has connected
    served += others(admin, served[0])
    stop(served)
    try:
        async with asyncio.timeout(CEILING):
            with pytest.raises(DatabaseUnavailable):
                await connection.execute_pipeline([ONE()])
    finally:
        for pid in served:
            os.kill(pid, signal.SIGCONT)
    assert not connection.usable
    lines.release(connection)
    healed = await lines.acquire()
    await pid_of(healed)
    lines.release(healed)


def others(admin: Admin, pid: int) -> list[int]:
    """Who else serves the same login in the same database."""
    query = """
        select o.pid from pg_stat_activity o join pg_stat_activity s using (datname, usename)
         where s.pid = %(pid)s and o.pid <> s.pid
    """
    return [other for (other,) in admin.execute(query, {"pid": pid}).fetchall()]


def stop(pids: list[int]) -> None:
    """Let them stand where they are; back when they do."""

    def is_stopped(pid: int) -> bool:
        with open(f"/proc/{pid}/stat") as file:
            return ") T" in file.read()

    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
        wait_for(lambda pid=pid: is_stopped(pid))
