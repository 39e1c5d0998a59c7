"""After PostgreSQL was restarted, or a connection of ours was ended, work goes on by itself."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import psycopg
import pytest
from psycopg import errors

from tenantry.cli.provision import Connections
from tenantry.postgres.database import Database, DatabaseUnavailable
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.statement import Statement
from tests.postgres.backends import BROKEN, ONE, PID, Admin, is_busy, kill, until
from tests.support.processes import CEILING

COUNTED = Statement("select nextval('attempts')")
READ = Statement("select * from notes")
SIZE = 4

Ask = Callable[[Database], Awaitable[object]]


@pytest.fixture
async def several(notebook: Connections) -> AsyncGenerator[Database]:
    """A database with a few connections."""
    database = Database(notebook.service, PoolOptions(size=SIZE, patience=CEILING))
    yield database
    await database.close()


async def pids_of(database: Database, count: int) -> list[int]:
    """The processes that serve so many transactions at once."""
    together = asyncio.Barrier(count)

    async def one() -> int:
        async with database.transaction(PID()) as (_, (pid,)):
            await together.wait()
            return pid.rows[0][0]

    return await asyncio.gather(*[one() for _ in range(count)])


async def exchanged(database: Database) -> object:
    return (await database.execute([ONE()]))[0].rows


async def transacted(database: Database) -> object:
    async with database.transaction(ONE()) as (_, (result,)):
        return result.rows


@pytest.mark.parametrize("ask", [exchanged, transacted])
async def test_a_connection_that_died_unnoticed_is_replaced(
    single: Database, admin: Admin, ask: Ask
) -> None:
    (pid,) = await pids_of(single, 1)
    kill(admin, pid)
    assert await ask(single) == [(1,)]


@pytest.mark.parametrize("ask", [exchanged, transacted])
async def test_all_connections_that_died_unnoticed_are_replaced_though_all_are_asked_at_once(
    several: Database, admin: Admin, ask: Ask
) -> None:
    for pid in await pids_of(several, SIZE):
        kill(admin, pid)
    assert await asyncio.gather(*[ask(several) for _ in range(SIZE)]) == [[(1,)]] * SIZE


async def held_up(database: Database, admin: Admin) -> tuple[asyncio.Task[object], int]:
    """A read that waits for a lock of somebody else's, and the process that serves it."""
    (pid,) = await pids_of(database, 1)
    asking = asyncio.create_task(counted_and_read(database))
    await until(lambda: is_busy(admin, pid))
    return asking, pid


async def counted_and_read(database: Database) -> object:
    return (await database.execute([COUNTED(), READ()]))[1].rows


def times_counted(owner: Admin) -> int:
    row = owner.execute("select last_value - 1 + is_called::int from attempts").fetchone()
    assert row is not None
    return row[0]


async def test_a_read_whose_server_goes_is_repeated_once(
    single: Database, owner: Admin, admin: Admin
) -> None:
    before = times_counted(owner)
    with owner.transaction():
        owner.execute("lock table notes")
        asking, pid = await held_up(single, admin)
        kill(admin, pid)
        await until(lambda: waiting_for_lock(admin) is not None)
    assert await asking == []
    assert times_counted(owner) == before + 2


async def test_a_read_whose_server_goes_twice_fails(
    single: Database, owner: Admin, admin: Admin
) -> None:
    with owner.transaction():
        owner.execute("lock table notes")
        asking, pid = await held_up(single, admin)
        kill(admin, pid)
        await until(lambda: waiting_for_lock(admin) is not None)
        kill(admin, waiting_for_lock(admin) or 0)
        with pytest.raises(psycopg.OperationalError):
            await asking


def waiting_for_lock(admin: Admin) -> int | None:
    """Who waits for the lock on the notes now."""
    query = "select pid from pg_locks where not granted"
    row = admin.execute(query).fetchone()
    return row[0] if row else None


async def refused_exchange(database: Database) -> object:
    return await database.execute([COUNTED(), BROKEN(0)])


async def refused_transaction(database: Database) -> object:
    async with database.transaction(COUNTED(), BROKEN(0)):
        return None


@pytest.mark.parametrize("ask", [refused_exchange, refused_transaction])
async def test_what_postgresql_refuses_is_not_repeated(
    single: Database, owner: Admin, ask: Ask
) -> None:
    before = times_counted(owner)
    with pytest.raises(errors.DivisionByZero):
        await ask(single)
    assert times_counted(owner) == before + 1


async def test_without_a_database_everything_says_so(notebook: Connections) -> None:
    nowhere = Database(
        "host=127.0.0.1 port=1", PoolOptions(size=2, patience=CEILING, queue_timeout=CEILING)
    )
    for ask in (exchanged, transacted):
        with pytest.raises(DatabaseUnavailable):
            await ask(nowhere)
    await nowhere.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "UTC"),
        ("statement_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "15s"),
    ],
)
async def test_the_server_itself_ends_what_takes_too_long(
    single: Database, name: str, value: str
) -> None:
    (result,) = await single.execute([Statement(f"show {name}")()])
    assert result.rows == [(value,)]
