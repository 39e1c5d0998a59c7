"""What tests of connections look at, and what they do to them."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import psycopg

from tenantry.postgres.connection import Connection
from tenantry.postgres.statement import Statement
from tests.support.processes import CEILING

PID = Statement("select pg_backend_pid()")
NAP = Statement("select pg_sleep($1::int)")
ONE = Statement("select 1")
BROKEN = Statement("select 1 / $1::int")

Admin = psycopg.Connection[Any]


async def pid_of(connection: Connection) -> int:
    """Which of PostgreSQL's processes serves a line."""
    (result,) = await connection.execute_pipeline([PID()])
    return result.rows[0][0]


def kill(admin: Admin, pid: int) -> None:
    """End a process of PostgreSQL; back when it has gone, without a turn of the event loop."""
    row = admin.execute("select pg_terminate_backend(%s, 10000)", [pid]).fetchone()
    assert row == (True,)


def is_busy(admin: Admin, pid: int) -> bool:
    """Whether a process of PostgreSQL runs a statement now."""
    query = "select state from pg_stat_activity where pid = %s"
    return admin.execute(query, [pid]).fetchone() == ("active",)


async def until(condition: Callable[[], bool], seconds: float = CEILING) -> None:
    """Wait for something that must come to be true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.005)
