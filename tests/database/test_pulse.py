"""Who waits for PostgreSQL is told when it stands still, and only then."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator

import pytest

from tenantry.cli.provision import Connections
from tenantry.postgres.connection import DatabaseUnavailable
from tenantry.postgres.connection_pool import Lines
from tenantry.postgres.options import PoolOptions
from tests.database.wires import NAP, ONE, Admin, pid_of
from tests.processes import CEILING, wait_for


@pytest.fixture
async def lines(notebook: Connections) -> AsyncGenerator[Lines]:
    """Two lines, and nobody who is in a hurry."""
    lines = Lines(notebook.service, PoolOptions(size=2, patience=CEILING, queue_timeout=CEILING))
    yield lines
    await lines.close()


async def test_an_answer_that_is_only_late_is_waited_for(lines: Lines) -> None:
    line = await lines.take()
    async with asyncio.timeout(CEILING):
        await line.exchange([NAP(2)])
    lines.give(line)


async def test_where_nobody_answers_all_who_wait_are_told(lines: Lines, admin: Admin) -> None:
    """Its line for signs of life stands still as well, as it does where all of PostgreSQL does."""
    line = await lines.take()
    served = [await pid_of(line)]
    async with asyncio.timeout(CEILING):
        await line.exchange([NAP(1)])  # late enough that the pulse has connected
    served += others(admin, served[0])
    stop(served)
    try:
        async with asyncio.timeout(CEILING):
            with pytest.raises(DatabaseUnavailable):
                await line.exchange([ONE()])
    finally:
        for pid in served:
            os.kill(pid, signal.SIGCONT)
    assert not line.usable
    lines.give(line)
    healed = await lines.take()
    await pid_of(healed)
    lines.give(healed)


def others(admin: Admin, pid: int) -> list[int]:
    """Who else serves the same login in the same database."""
    query = """
        select o.pid from pg_stat_activity o join pg_stat_activity s using (datname, usename)
         where s.pid = %(pid)s and o.pid <> s.pid
    """
    return [other for (other,) in admin.execute(query, {"pid": pid}).fetchall()]


def stop(pids: list[int]) -> None:
    """Let them stand where they are; back when they do."""

    def stands(pid: int) -> bool:
        with open(f"/proc/{pid}/stat") as file:
            return ") T" in file.read()

    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
        wait_for(lambda pid=pid: stands(pid))
