"""Several acts ask in one message, and what stands behind a lock is seen under it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from tenantry.kit.refusals import NotFound
from tenantry.postgres.connection import Connection, Result
from tenantry.postgres.database import Database
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import ROLLBACK, Tx
from tests.postgres.wires import ONE, Admin

WRITE = Statement("insert into notes values ($1, $2)")
LOCK = Statement("update notes set text = text where id = $1 returning id")
TEXT = Statement("select text from notes where id = $1")
WAITS = "select count(*) from pg_locks where not granted"


class Counting:
    """A line that notes how many statements came in each message."""

    def __init__(self, connection: Connection) -> None:
        self._line = connection
        self.prelude = connection.prelude
        self.messages = list[int]()

    async def execute_pipeline(
        self, statements: list[BoundStatement], *, unread: int = 0
    ) -> list[Result]:
        self.messages.append(len(statements))
        return await self._line.execute_pipeline(statements, unread=unread)


async def text(tx: Tx, number: int) -> str | None:
    """One question."""
    row = await tx.row(TEXT(number))
    return row[0] if row else None


async def two_texts(tx: Tx, first: int, second: int) -> list[str | None]:
    """Two, one after the other."""
    return [await text(tx, first), await text(tx, second)]


async def nothing() -> str:
    """None at all."""
    return "nothing"


async def refusing(tx: Tx, number: int) -> None:
    await text(tx, number)
    raise NotFound


@pytest.fixture
async def counted(connection: Connection, owner: Admin) -> AsyncGenerator[tuple[Tx, list[int]]]:
    """A transaction, and how many statements each of its messages had from here on."""
    owner.execute("insert into notes select n, 'note ' || n from generate_series(1, 4) n")
    counting: Any = Counting(connection)
    tx = Tx(counting)
    await tx.begin()
    counting.messages.clear()
    yield tx, counting.messages
    await connection.execute_pipeline([ROLLBACK()])


async def test_what_several_ask_travels_in_one_message(counted: tuple[Tx, list[int]]) -> None:
    tx, messages = counted
    tx.enqueue(WRITE(5, "written first"))

    assert await tx.together(text(tx, 5), text(tx, 2), nothing()) == (
        "written first", "note 2", "nothing",
    )  # fmt: skip
    assert messages == [3]


async def test_who_asks_more_than_once_goes_on_and_the_others_are_done(
    counted: tuple[Tx, list[int]],
) -> None:
    tx, messages = counted
    inner = tx.together(text(tx, 3), two_texts(tx, 4, 1))

    told = await tx.together(two_texts(tx, 1, 2), text(tx, 3), inner)

    assert told == (["note 1", "note 2"], "note 3", ("note 3", ["note 4", "note 1"]))
    assert messages == [4, 2]


async def test_the_first_to_refuse_ends_all_and_the_transaction_goes_on(
    counted: tuple[Tx, list[int]],
) -> None:
    tx, messages = counted
    beside = two_texts(tx, 1, 2)

    with pytest.raises(NotFound):
        await tx.together(refusing(tx, 1), beside)

    assert messages == [2]
    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        await beside
    assert await text(tx, 1) == "note 1"


async def test_what_stands_behind_a_lock_is_as_it_was_found_under_it(
    single: Database, owner: Admin
) -> None:
    """Fails where the questions go the other way round: tried, and it saw what was before."""
    owner.execute("insert into notes values (1, 'before')")

    async def locked(tx: Tx) -> Any:
        return await tx.row(LOCK(1))

    async def act() -> str | None:
        async with single.transaction(ONE()) as (tx, _):
            _, seen = await tx.together(locked(tx), text(tx, 1))
            return seen

    with owner.transaction():
        owner.execute("update notes set text = 'meanwhile'")
        waiting = asyncio.create_task(act())
        await _until(lambda: owner.execute(WAITS).fetchone() != (0,))
    assert await waiting == "meanwhile"


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("nobody waited")
