"""An exchange: several statements, one message each way; whole, or not at all."""

import asyncio
from contextlib import suppress

import psycopg
import pytest
from psycopg import errors

from tenantry.postgres.connection import Connection
from tenantry.postgres.failures import StatementOutdated
from tenantry.postgres.statement import Statement
from tests.postgres.backends import BROKEN, NAP, ONE, Admin, is_busy, kill, pid_of, until
from tests.support.processes import CEILING

WRITE = Statement("insert into notes values ($1, $2)")
READ = Statement("select id, text from notes order by id")
PAIR = Statement("insert into pairs values ($1, $2)")
SHAPES = Statement("select * from shapes")
ECHO = Statement("select $1::text")
ROWS = Statement("select n, repeat('x', 100) from generate_series(1, $1::int) n")
LISTEN = Statement("listen bell")
FORGET = Statement("deallocate all")

MEGABYTE = 1024 * 1024


async def test_answers_come_in_the_order_of_the_calls(connection: Connection, owner: Admin) -> None:
    written, read, nothing = await connection.execute_pipeline(
        [WRITE(1, "first"), READ(), Statement("select 1 where false")()]
    )
    assert (written.tag, written.rows) == ("INSERT 0 1", [])
    assert (read.tag, read.rows) == ("SELECT 1", [(1, "first")])
    assert (nothing.tag, nothing.rows) == ("SELECT 0", [])


@pytest.mark.parametrize("known", [False, True], ids=["prepared again", "known already"])
async def test_answers_that_no_one_reads_are_left_out_and_their_errors_told(
    connection: Connection, owner: Admin, known: bool
) -> None:
    if known:
        await connection.execute_pipeline([WRITE(0, "before"), READ(), BROKEN(1)])
        owner.execute("truncate notes")
    (read,) = await connection.execute_pipeline(
        [WRITE(1, "one"), WRITE(2, "two"), READ()], unread=2
    )
    assert read.rows == [(1, "one"), (2, "two")]
    with pytest.raises(errors.DivisionByZero):
        await connection.execute_pipeline([WRITE(3, "three"), BROKEN(0), READ()], unread=2)
    assert (await connection.execute_pipeline([READ()]))[0].rows == read.rows


@pytest.mark.parametrize("known", [False, True], ids=["prepared again", "known already"])
async def test_an_error_in_the_middle_undoes_what_stood_before_and_runs_nothing_after(
    connection: Connection, owner: Admin, known: bool
) -> None:
    if known:
        await connection.execute_pipeline([WRITE(0, "before"), BROKEN(1)])
        owner.execute("truncate notes")
    with pytest.raises(errors.DivisionByZero):
        await connection.execute_pipeline([WRITE(1, "before"), BROKEN(0), WRITE(2, "after")])
    assert connection.idle
    assert (await connection.execute_pipeline([READ()]))[0].rows == []


async def test_the_first_of_two_errors_is_told(connection: Connection, owner: Admin) -> None:
    with pytest.raises(errors.UniqueViolation):
        await connection.execute_pipeline([WRITE(1, "one"), WRITE(1, "again"), BROKEN(0)])


async def test_what_was_prepared_behind_an_error_is_prepared_again(connection: Connection) -> None:
    early, late = Statement("select 'early'"), Statement("select 'late'")
    with pytest.raises(errors.DivisionByZero):
        await connection.execute_pipeline([early(), BROKEN(0), late()])
    results = await connection.execute_pipeline([late(), early(), late()])
    assert [result.rows for result in results] == [[("late",)], [("early",)], [("late",)]]


async def test_a_statement_that_cannot_be_prepared_leaves_the_line_in_use(
    connection: Connection,
) -> None:
    for _ in range(2):
        with pytest.raises(errors.UndefinedTable):
            await connection.execute_pipeline([ONE(), Statement("select * from nowhere")()])
    assert (await connection.execute_pipeline([ONE()]))[0].rows == [(1,)]


async def test_a_write_that_is_refused_at_the_very_end_is_told(
    connection: Connection, owner: Admin
) -> None:
    with pytest.raises(errors.ForeignKeyViolation):
        await connection.execute_pipeline(
            [PAIR(1, 2)]
        )  # deferred: looked at only when all is to be kept
    assert owner.execute("select count(*) from pairs").fetchone() == (0,)
    assert connection.idle


async def test_a_statement_that_no_longer_fits_the_schema_closes_the_line(
    connection: Connection, owner: Admin
) -> None:
    await connection.execute_pipeline([SHAPES()])
    owner.execute("alter table shapes add height int")
    try:
        with pytest.raises(StatementOutdated):
            await connection.execute_pipeline([SHAPES()])
    finally:
        owner.execute("alter table shapes drop height")
    assert not connection.usable


async def test_a_statement_that_the_server_has_forgotten_closes_the_line(
    connection: Connection,
) -> None:
    await connection.execute_pipeline([ONE(), FORGET()])
    with pytest.raises(StatementOutdated):
        await connection.execute_pipeline([ONE()])
    assert not connection.usable


async def test_a_cancelled_exchange_closes_the_line(connection: Connection, admin: Admin) -> None:
    pid = await pid_of(connection)
    asking = asyncio.create_task(connection.execute_pipeline([NAP(60)]))
    await until(lambda: is_busy(admin, pid))
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not connection.usable
    assert not connection.idle
    with pytest.raises(psycopg.OperationalError):
        await connection.execute_pipeline([ONE()])
    kill(admin, pid)  # no one else would, before its time is over


async def test_an_exchange_cancelled_before_its_first_await_closes_the_line_too(
    connection: Connection, owner: Admin
) -> None:
    asking = asyncio.create_task(connection.execute_pipeline([WRITE(1, "sent or not"), NAP(0)]))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not connection.usable


async def test_a_large_result_arrives_whole(connection: Connection) -> None:
    (result,) = await connection.execute_pipeline([ROWS(50_000)])
    assert result.rows == [(number, "x" * 100) for number in range(1, 50_001)]


async def test_large_parameters_arrive_whole_while_large_answers_come_back(
    connection: Connection,
) -> None:
    texts = [email * MEGABYTE for email in "abcdefgh"]
    results = await connection.execute_pipeline([ECHO(text) for text in texts])
    assert [result.rows for result in results] == [[(text,)] for text in texts]


async def test_an_exchange_cancelled_while_it_still_sends_closes_the_line(
    connection: Connection,
) -> None:
    """Cancelled while the server naps and libpq's buffer cannot be emptied."""
    asking = asyncio.create_task(connection.execute_pipeline([NAP(1), ECHO("x" * (64 * MEGABYTE))]))
    await asyncio.sleep(0)
    assert not asking.done()
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    assert asking.cancelled()
    assert not connection.usable


async def test_what_the_server_says_unasked_does_not_disturb_the_line(
    connection: Connection, owner: Admin
) -> None:
    await connection.execute_pipeline([LISTEN()])
    for number in range(3):
        owner.execute("select pg_notify('bell', %s)", ["ring" * 1000])
        (result,) = await connection.execute_pipeline([ECHO(str(number))])
        assert result.rows == [(str(number),)]
    assert connection.idle


async def test_an_idle_line_sees_that_its_server_has_gone(
    connection: Connection, admin: Admin
) -> None:
    descriptor, loop = connection.pgconn.socket, asyncio.get_running_loop()
    kill(admin, await pid_of(connection))
    await until(lambda: not connection.usable)
    assert not loop.remove_reader(descriptor)  # the number may be another connection's by now


async def test_a_line_that_died_since_it_was_lent_says_so_at_once(connection: Connection) -> None:
    """Without the look at `usable` it waits for ever: libpq takes what is sent to a dead server,
    and no one listens for its answer any more. Tried."""
    connection.abandon()  # as when its server is found gone in the same turn of the loop
    async with asyncio.timeout(CEILING):
        with pytest.raises(psycopg.OperationalError):
            await connection.execute_pipeline([ONE()])


async def test_a_line_whose_server_goes_while_it_answers_is_closed(
    connection: Connection, admin: Admin
) -> None:
    pid, descriptor = await pid_of(connection), connection.pgconn.socket
    asking = asyncio.create_task(connection.execute_pipeline([NAP(60)]))
    await until(lambda: is_busy(admin, pid))
    kill(admin, pid)
    with pytest.raises(psycopg.OperationalError):
        await asking
    assert not connection.idle
    assert not asyncio.get_running_loop().remove_reader(descriptor)
