"""A transaction is kept whole or not at all, and says which."""

import asyncio
from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors

from tenantry.postgres.database import Database
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import CommitLost, Tx
from tests.postgres.backends import BROKEN, NAP, ONE, PID, Admin, is_busy, kill, until

WRITE = Statement("insert into notes values ($1, $2)")
CHANGE = Statement("update notes set text = $1")
READ = Statement("select text from notes order by id")
FIND = Statement("select text from notes where id = $1")
PAIR = Statement("insert into pairs values ($1, $2)")
NOW = Statement("select now()")


class ChangedMyMind(Exception):
    """What an act raises that does not want to be kept."""


def kept(owner: Admin) -> list[str]:
    return [row[0] for row in owner.execute("select text from notes order by id").fetchall()]


async def test_everything_is_kept_when_it_ends_well(single: Database, owner: Admin) -> None:
    async with single.transaction(WRITE(1, "with the first message")) as (tx, results):
        assert [result.tag for result in results] == ["INSERT 0 1"]
        assert await tx.count(WRITE(2, "by itself")) == 1
        tx.enqueue(WRITE(3, "with the commit"))
        assert kept(owner) == []
    assert kept(owner) == ["with the first message", "by itself", "with the commit"]


async def test_nothing_is_kept_when_it_fails(single: Database, owner: Admin) -> None:
    async def act() -> None:
        async with single.transaction(WRITE(1, "first")) as (tx, _):
            await tx.count(WRITE(2, "second"))
            tx.enqueue(WRITE(3, "third"))
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        await act()
    assert kept(owner) == []
    assert (await single.execute([READ()]))[0].rows == []


async def test_nothing_is_kept_when_it_is_cancelled(single: Database, owner: Admin) -> None:
    written = asyncio.Event()

    async def act() -> None:
        async with single.transaction() as (tx, _):
            await tx.count(WRITE(1, "first"))
            written.set()
            await asyncio.Event().wait()

    acting = asyncio.create_task(act())
    await written.wait()
    acting.cancel()
    await asyncio.wait([acting])
    assert acting.cancelled()
    assert (await single.execute([READ()]))[0].rows == []


async def test_the_connection_is_in_use_again_after_a_transaction_failed(single: Database) -> None:
    (before,) = await single.execute([PID()])
    with pytest.raises(errors.DivisionByZero):
        async with single.transaction() as (tx, _):
            await tx.row(BROKEN(0))
    (after,) = await single.execute([PID()])
    assert after.rows == before.rows


async def test_what_waits_leaves_with_the_next_message_in_its_order(
    single: Database, owner: Admin
) -> None:
    async with single.transaction() as (tx, _):
        tx.enqueue(WRITE(1, "one"))
        tx.enqueue(WRITE(2, "two"))
        assert await tx.rows(READ()) == [("one",), ("two",)]
        assert await tx.row(FIND(2)) == ("two",)
        assert await tx.row(FIND(3)) is None
        assert await tx.count(CHANGE("changed")) == 2
    assert kept(owner) == ["changed", "changed"]


async def test_the_time_is_the_databases_and_one_for_all(single: Database) -> None:
    async with single.transaction() as (tx, _):
        assert await tx.row(NOW()) == (tx.now,)


async def test_a_commit_that_kept_nothing_is_told(single: Database, owner: Admin) -> None:
    """An error that the act swallowed: PostgreSQL then answers COMMIT by ROLLBACK."""
    told = list[str]()

    async def act() -> None:
        async with single.transaction(WRITE(1, "lost")) as (tx, _):
            tx.after_commit(lambda: told.append("kept"))
            with pytest.raises(errors.DivisionByZero):
                await tx.row(BROKEN(0))

    with pytest.raises(CommitLost, match="ROLLBACK"):
        await act()
    assert kept(owner) == told == []


async def test_whom_it_concerns_is_told_once_it_is_kept(single: Database, owner: Admin) -> None:
    seen = list[tuple[int, list[str]]]()
    async with single.transaction() as (tx, _):
        tx.enqueue(WRITE(1, "kept"))
        tx.after_commit(lambda: seen.append((1, kept(owner))))
        tx.after_commit(lambda: seen.append((2, kept(owner))))
        await tx.row(ONE())
        assert seen == []
    assert seen == [(1, ["kept"]), (2, ["kept"])]


def changes_its_mind(tx: Tx) -> None:
    raise ChangedMyMind


def breaks_a_rule_at_the_end(tx: Tx) -> None:
    tx.enqueue(WRITE(1, "again"))


def breaks_a_rule_that_is_looked_at_on_commit(tx: Tx) -> None:
    tx.enqueue(PAIR(1, 2))


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (changes_its_mind, ChangedMyMind),
        (breaks_a_rule_at_the_end, errors.UniqueViolation),
        (breaks_a_rule_that_is_looked_at_on_commit, errors.ForeignKeyViolation),
    ],
)
async def test_no_one_is_told_of_what_was_not_kept(
    single: Database, owner: Admin, act: Callable[[Tx], None], refusal: type[Exception]
) -> None:
    told = list[str]()

    async def whole() -> None:
        async with single.transaction(WRITE(1, "first")) as (tx, _):
            tx.after_commit(lambda: told.append("kept"))
            act(tx)

    with pytest.raises(refusal):
        await whole()
    assert kept(owner) == told == []
    assert (await single.execute([ONE()]))[0].rows == [(1,)]


async def test_a_server_that_goes_in_the_middle_ends_the_transaction_and_nothing_is_repeated(
    single: Database, owner: Admin, admin: Admin
) -> None:
    begun = list[int]()

    async def act() -> None:
        async with single.transaction(PID()) as (tx, (pid,)):
            begun.extend(pid.rows[0])
            await tx.count(WRITE(1, "lost"))
            kill(admin, begun[0])
            await tx.count(WRITE(2, "never"))

    with pytest.raises(psycopg.OperationalError):
        await act()
    assert (len(begun), kept(owner)) == (1, [])


async def test_undoing_is_silent_where_the_server_has_gone(single: Database, admin: Admin) -> None:
    async def act() -> None:
        async with single.transaction(PID()) as (_, (pid,)):
            kill(admin, pid.rows[0][0])
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        await act()
    assert (await single.execute([ONE()]))[0].rows == [(1,)]


async def test_a_cancelled_undoing_still_gives_its_place_back(
    single: Database, admin: Admin
) -> None:
    pids = list[int]()

    async def act() -> None:
        async with single.transaction(PID()) as (tx, (pid,)):
            pids.append(pid.rows[0][0])
            await tx.row(NAP(60))

    acting = asyncio.create_task(act())
    await until(lambda: bool(pids) and is_busy(admin, pids[0]))
    acting.cancel()
    acting.cancel()
    await asyncio.wait([acting])
    kill(admin, pids[0])
    assert (await single.execute([ONE()]))[0].rows == [(1,)]
