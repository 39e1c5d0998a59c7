"""What PostgreSQL undoes for the sake of others runs again from the start, and is done once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
from psycopg import errors

from tenantry.cli.provision import Connections
from tenantry.postgres.database import Database
from tenantry.postgres.failures import DatabaseLocked
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.retry import ATTEMPTS, repeated
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tests.postgres.backends import Admin
from tests.support.processes import CEILING

SIZE = 3
WRITE = Statement("insert into notes values ($1, $2)")
CHANGE = Statement("update notes set text = text || $2 where id = $1")
READ = Statement("select text from notes order by id")
SHAPES = Statement("select * from shapes")


@pytest.fixture
async def database(notebook: Connections) -> AsyncGenerator[Database]:
    """A few connections, and no one in a hurry."""
    options = PoolOptions(size=SIZE, patience=CEILING, queue_timeout=CEILING)
    database = Database(notebook.service, options)
    yield database
    await database.close()


async def test_two_that_wait_for_each_other_are_both_done(database: Database, owner: Admin) -> None:
    """A deadlock as PostgreSQL finds it; without the retry the one that it ends is not done."""
    owner.execute("insert into notes values (1, ''), (2, '')")
    both = asyncio.Barrier(2)
    tries = list[str]()

    async def change(name: str, first: int, second: int) -> None:
        async def act(tx: Tx) -> None:
            tries.append(name)
            await tx.count(CHANGE(first, name))
            if tries.count(name) == 1:
                await both.wait()
            await tx.count(CHANGE(second, name))

        await database.run(act)

    await asyncio.gather(change("a", 1, 2), change("b", 2, 1))
    assert len(tries) > 2
    texts = [row[0] for row in (await database.execute([READ()]))[0].rows]
    assert [sorted(text) for text in texts] == [["a", "b"]] * 2


async def undone(kind: type[Exception], times: list[int]) -> str:
    times.append(1)
    raise kind


@pytest.mark.parametrize("kind", [errors.SerializationFailure, errors.DeadlockDetected])
async def test_what_is_undone_again_and_again_is_told_to_be_locked(kind: type[Exception]) -> None:
    times = list[int]()
    with pytest.raises(DatabaseLocked):
        await repeated(lambda: undone(kind, times))
    assert len(times) == ATTEMPTS


async def shapes(database: Database) -> int:
    """How wide a row is, by a read."""
    return len((await database.execute([SHAPES()]))[0].rows[0])


async def shapes_written(database: Database) -> int:
    """The same in the middle of a transaction."""

    async def act(tx: Tx) -> int:
        await tx.execute([Statement("select 1")()])
        return len((await tx.rows(SHAPES()))[0])

    return await database.run(act)


@pytest.mark.parametrize("ask", [shapes, shapes_written])
async def test_a_change_of_the_schema_fails_no_one_whatever_connections_remember(
    database: Database, owner: Admin, ask: Callable[[Database], Awaitable[int]]
) -> None:
    """Fails where a stale prepared statement's error reaches the caller."""
    owner.execute("insert into shapes values (1)")
    everyone_has_come = asyncio.Barrier(SIZE)

    async def remember() -> None:
        async with database.transaction(SHAPES()):
            await everyone_has_come.wait()

    await asyncio.gather(*[remember() for _ in range(SIZE)])
    owner.execute("alter table shapes add height int")
    try:
        widths = await asyncio.gather(*[ask(database) for _ in range(2 * SIZE)])
    finally:
        owner.execute("alter table shapes drop height")
    assert widths == [2] * 2 * SIZE


async def test_a_connection_to_what_has_become_a_standby_is_left_for_a_new_one(
    notebook: Connections, admin: Admin, owner: Admin
) -> None:
    """Fails where writing to a standby is told as a fault of ours, and its connections stay."""
    name = owner.info.dbname
    admin.execute(f"alter database {name} set default_transaction_read_only = on".encode())
    options = PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING)
    database = Database(notebook.service, options)
    try:
        await database.execute([READ()])
    finally:
        admin.execute(f"alter database {name} reset default_transaction_read_only".encode())
    await database.run(lambda tx: tx.count(WRITE(1, "one")))
    assert (await database.execute([READ()]))[0].rows == [("one",)]
    await database.close()
