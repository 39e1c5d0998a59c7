"""An exchange: several statements, one message each way; whole, or not at all."""

import asyncio
from contextlib import suppress

import psycopg
import pytest
from psycopg import errors

from tenantry.postgres.connection import Line
from tenantry.postgres.failures import StatementOutdated
from tenantry.postgres.statement import Statement
from tests.database.wires import BROKEN, NAP, ONE, Admin, is_busy, kill, pid_of, until
from tests.processes import CEILING

WRITE = Statement("insert into notes values ($1, $2)")
READ = Statement("select id, text from notes order by id")
PAIR = Statement("insert into pairs values ($1, $2)")
SHAPES = Statement("select * from shapes")
ECHO = Statement("select $1::text")
ROWS = Statement("select n, repeat('x', 100) from generate_series(1, $1::int) n")
LISTEN = Statement("listen bell")
FORGET = Statement("deallocate all")

MEGABYTE = 1024 * 1024


async def test_answers_come_in_the_order_of_the_calls(line: Line, owner: Admin) -> None:
    written, read, nothing = await line.exchange(
        [WRITE(1, "first"), READ(), Statement("select 1 where false")()]
    )
    assert (written.tag, written.rows) == ("INSERT 0 1", [])
    assert (read.tag, read.rows) == ("SELECT 1", [(1, "first")])
    assert (nothing.tag, nothing.rows) == ("SELECT 0", [])


@pytest.mark.parametrize("known", [False, True], ids=["prepared anew", "known already"])
async def test_answers_that_nobody_reads_are_left_out_and_their_errors_told(
    line: Line, owner: Admin, known: bool
) -> None:
    if known:
        await line.exchange([WRITE(0, "before"), READ(), BROKEN(1)])
        owner.execute("truncate notes")
    (read,) = await line.exchange([WRITE(1, "one"), WRITE(2, "two"), READ()], unread=2)
    assert read.rows == [(1, "one"), (2, "two")]
    with pytest.raises(errors.DivisionByZero):
        await line.exchange([WRITE(3, "three"), BROKEN(0), READ()], unread=2)
    assert (await line.exchange([READ()]))[0].rows == read.rows


@pytest.mark.parametrize("known", [False, True], ids=["prepared anew", "known already"])
async def test_an_error_in_the_middle_undoes_what_stood_before_and_runs_nothing_after(
    line: Line, owner: Admin, known: bool
) -> None:
    if known:
        await line.exchange([WRITE(0, "before"), BROKEN(1)])
        owner.execute("truncate notes")
    with pytest.raises(errors.DivisionByZero):
        await line.exchange([WRITE(1, "before"), BROKEN(0), WRITE(2, "after")])
    assert line.idle
    assert (await line.exchange([READ()]))[0].rows == []


async def test_the_first_of_two_errors_is_told(line: Line, owner: Admin) -> None:
    with pytest.raises(errors.UniqueViolation):
        await line.exchange([WRITE(1, "one"), WRITE(1, "again"), BROKEN(0)])


async def test_what_was_prepared_behind_an_error_is_prepared_again(line: Line) -> None:
    early, late = Statement("select 'early'"), Statement("select 'late'")
    with pytest.raises(errors.DivisionByZero):
        await line.exchange([early(), BROKEN(0), late()])
    answers = await line.exchange([late(), early(), late()])
    assert [answer.rows for answer in answers] == [[("late",)], [("early",)], [("late",)]]


async def test_a_statement_that_cannot_be_prepared_leaves_the_line_in_use(line: Line) -> None:
    for _ in range(2):
        with pytest.raises(errors.UndefinedTable):
            await line.exchange([ONE(), Statement("select * from nowhere")()])
    assert (await line.exchange([ONE()]))[0].rows == [(1,)]


async def test_a_write_that_is_refused_at_the_very_end_is_told(line: Line, owner: Admin) -> None:
    with pytest.raises(errors.ForeignKeyViolation):
        await line.exchange([PAIR(1, 2)])  # deferred: looked at only when all is to be kept
    assert owner.execute("select count(*) from pairs").fetchone() == (0,)
    assert line.idle


async def test_a_statement_that_no_longer_fits_the_schema_closes_the_line(
    line: Line, owner: Admin
) -> None:
    await line.exchange([SHAPES()])
    owner.execute("alter table shapes add height int")
    try:
        with pytest.raises(StatementOutdated):
            await line.exchange([SHAPES()])
    finally:
        owner.execute("alter table shapes drop height")
    assert not line.usable


async def test_a_statement_that_the_server_has_forgotten_closes_the_line(line: Line) -> None:
    await line.exchange([ONE(), FORGET()])
    with pytest.raises(StatementOutdated):
        await line.exchange([ONE()])
    assert not line.usable


async def test_a_cancelled_exchange_closes_the_line(line: Line, admin: Admin) -> None:
    pid = await pid_of(line)
    asking = asyncio.create_task(line.exchange([NAP(60)]))
    await until(lambda: is_busy(admin, pid))
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not line.usable
    assert not line.idle
    with pytest.raises(psycopg.OperationalError):
        await line.exchange([ONE()])
    kill(admin, pid)  # nobody else would, before its time is over


async def test_an_exchange_cancelled_before_its_first_await_closes_the_line_too(
    line: Line, owner: Admin
) -> None:
    asking = asyncio.create_task(line.exchange([WRITE(1, "sent or not"), NAP(0)]))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not line.usable


async def test_a_large_result_arrives_whole(line: Line) -> None:
    (answer,) = await line.exchange([ROWS(50_000)])
    assert answer.rows == [(number, "x" * 100) for number in range(1, 50_001)]


async def test_large_parameters_arrive_whole_while_large_answers_come_back(line: Line) -> None:
    texts = [letter * MEGABYTE for letter in "abcdefgh"]
    answers = await line.exchange([ECHO(text) for text in texts])
    assert [answer.rows for answer in answers] == [[(text,)] for text in texts]


async def test_an_exchange_cancelled_while_it_still_sends_closes_the_line(line: Line) -> None:
    """Cancelled while the server naps and libpq's buffer cannot be emptied."""
    asking = asyncio.create_task(line.exchange([NAP(1), ECHO("x" * (64 * MEGABYTE))]))
    await asyncio.sleep(0)
    assert not asking.done()
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    assert asking.cancelled()
    assert not line.usable


async def test_what_the_server_says_unasked_does_not_disturb_the_line(
    line: Line, owner: Admin
) -> None:
    await line.exchange([LISTEN()])
    for number in range(3):
        owner.execute("select pg_notify('bell', %s)", ["ring" * 1000])
        (answer,) = await line.exchange([ECHO(str(number))])
        assert answer.rows == [(str(number),)]
    assert line.idle


async def test_an_idle_line_sees_that_its_server_has_gone(line: Line, admin: Admin) -> None:
    descriptor, loop = line.pgconn.socket, asyncio.get_running_loop()
    kill(admin, await pid_of(line))
    await until(lambda: not line.usable)
    assert not loop.remove_reader(descriptor)  # the number may be another connection's by now


async def test_a_line_that_died_since_it_was_lent_says_so_at_once(line: Line) -> None:
    """Without the look at `usable` it waits for ever: libpq takes what is sent to a dead server,
    and nobody listens for its answer any more. Tried."""
    line.abandon()  # as when its server is found gone just before, in the same turn of the loop
    async with asyncio.timeout(CEILING):
        with pytest.raises(psycopg.OperationalError):
            await line.exchange([ONE()])


async def test_a_line_whose_server_goes_while_it_answers_is_closed(
    line: Line, admin: Admin
) -> None:
    pid, descriptor = await pid_of(line), line.pgconn.socket
    asking = asyncio.create_task(line.exchange([NAP(60)]))
    await until(lambda: is_busy(admin, pid))
    kill(admin, pid)
    with pytest.raises(psycopg.OperationalError):
        await asking
    assert not line.idle
    assert not asyncio.get_running_loop().remove_reader(descriptor)
