"""Housekeeping goes on: again and again, beside others, and through outages, until it is ended."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
import pytest

from tenantry.kit.ids import new_id
from tenantry.platform.rate_limits import actions as rates
from tenantry.postgres.database import Database
from tenantry.worker import housekeeping as jobs
from tenantry.worker.housekeeping import Housekeeping
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING

_STALE = "insert into rate_counts values (sha256(%s::bytea), now(), now() - interval '1 second')"
_LEFT = "select count(*) from rate_counts where key = sha256(%s::bytea)"


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Housekeeping that is done all the time."""
    monkeypatch.setattr(jobs, "PERIOD_SECONDS", 0.02)


@asynccontextmanager
async def sweeping(database: Database) -> AsyncGenerator[None]:
    task = asyncio.create_task(Housekeeping(database, {"rate_counts": rates.sweep}).run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(task, CEILING)
    assert task.cancelled()


async def gone(admin: psycopg.Connection[Any], key: bytes) -> None:
    """Return once no such count is left."""
    async with asyncio.timeout(CEILING):
        while admin.execute(_LEFT, [key]).fetchone() != (0,):
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("eager")
async def test_it_is_done_again_and_again(
    database: Database, admin: psycopg.Connection[Any]
) -> None:
    async with sweeping(database):
        for _ in range(3):
            key = new_id().bytes
            admin.execute(_STALE, [key])
            await gone(admin, key)


@pytest.mark.usefixtures("eager")
async def test_two_do_not_stand_in_each_others_way(
    database: Database, admin: psycopg.Connection[Any]
) -> None:
    keys = [new_id().bytes for _ in range(200)]
    with admin.cursor() as cursor:
        cursor.executemany(_STALE, [[key] for key in keys])
    async with sweeping(database), sweeping(database):
        for key in keys:
            await gone(admin, key)


@pytest.mark.usefixtures("eager")
async def test_an_outage_does_not_end_it(
    postgres: TestPostgres, admin: psycopg.Connection[Any]
) -> None:
    """Its connections are cut each time that it has one, for a while; then it goes on."""
    cut = Database(f"{postgres.connections.service} application_name=swept")
    key = new_id().bytes
    async with sweeping(cut):
        for _ in range(20):
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'swept'"
            )
            await asyncio.sleep(0.01)
        admin.execute(_STALE, [key])
        await gone(admin, key)
    await cut.close()
