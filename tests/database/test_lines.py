"""Lines are lent one at a time, in order, clean, and never lost."""

import asyncio
import socket
from collections.abc import AsyncGenerator

import pytest

from tenantry.cli.provision import Connections
from tenantry.postgres.connection import Line
from tenantry.postgres.connection_pool import Lines
from tenantry.postgres.failures import DatabaseOverloaded, DatabaseUnavailable
from tenantry.postgres.options import PoolOptions
from tenantry.postgres.transaction import BEGIN
from tests.database.wires import BROKEN, NAP, Admin, kill, pid_of, until
from tests.processes import CEILING

ONE_TURN = 0  # `asyncio.sleep(ONE_TURN)` lets everything that can run, run once


@pytest.fixture
async def lines(notebook: Connections) -> AsyncGenerator[Lines]:
    """One line at most; who waits for it is patient."""
    lines = Lines(notebook.service, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING))
    yield lines
    await lines.close()


async def waiting(lines: Lines, callers: int) -> list[asyncio.Task[Line]]:
    """So many callers, one behind the other, when no line is free."""
    tasks = [asyncio.create_task(lines.take()) for _ in range(callers)]
    await asyncio.sleep(ONE_TURN)
    return tasks


async def test_a_line_that_comes_back_clean_is_lent_again(lines: Lines) -> None:
    first = await lines.take()
    lines.give(first)
    second = await lines.take()
    lines.give(second)
    assert second is first


async def test_it_is_told_of_each_caller_who_did_not_get_a_line_at_once(
    notebook: Connections,
) -> None:
    waits = list[float]()
    lines = Lines(
        notebook.service, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING), waits.append
    )
    lines.give(await lines.take())  # which had to be opened
    line = await lines.take()
    assert len(waits) == 1
    (second,) = await waiting(lines, 1)
    lines.give(line)
    lines.give(await second)
    assert len(waits) == 2
    assert min(waits) >= 0
    await lines.close()


async def test_never_more_lines_are_out_than_there_may_be(notebook: Connections) -> None:
    lines, pids = (
        Lines(notebook.service, PoolOptions(size=3, patience=CEILING, queue_timeout=CEILING)),
        set[int](),
    )
    everyone_has_come = asyncio.Barrier(3)

    async def use() -> None:
        line = await lines.take()
        await everyone_has_come.wait()
        pids.add(await pid_of(line))
        lines.give(line)

    await asyncio.gather(*[use() for _ in range(60)])
    await lines.close()
    assert len(pids) == 3


async def test_waiting_callers_are_served_in_order(lines: Lines) -> None:
    served = list[int]()

    async def use(number: int) -> None:
        line = await lines.take()
        served.append(number)
        await pid_of(line)
        lines.give(line)

    await asyncio.gather(*[use(number) for number in range(12)])
    assert served == list(range(12))


@pytest.mark.parametrize("unclean", ["open", "failed", "cancelled"])
async def test_a_line_that_comes_back_unclean_is_closed_and_another_opened(
    lines: Lines, admin: Admin, unclean: str
) -> None:
    line = await lines.take()
    pid = await pid_of(line)
    (next_in_turn,) = await waiting(lines, 1)
    if unclean == "cancelled":
        asking = asyncio.create_task(line.exchange([NAP(60)]))
        await asyncio.sleep(ONE_TURN)
        asking.cancel()
    else:
        await line.exchange([BEGIN()])
        asking = asyncio.create_task(line.exchange([BROKEN(int(unclean == "open"))]))
    await asyncio.wait([asking])
    assert asking.cancelled() or (asking.exception() is not None) == (unclean == "failed")
    lines.give(line)
    other = await next_in_turn
    assert other is not line
    assert not line.usable
    assert await pid_of(other) != pid
    lines.give(other)
    kill_if_alive(admin, pid)


def kill_if_alive(admin: Admin, pid: int) -> None:
    admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid = %s", [pid])


async def test_a_dead_line_is_not_lent(lines: Lines, admin: Admin) -> None:
    line = await lines.take()
    pid = await pid_of(line)
    lines.give(line)
    kill(admin, pid)
    await until(lambda: not line.usable)
    other = await lines.take()
    assert other is not line
    await pid_of(other)
    lines.give(other)


async def test_a_caller_that_gives_up_leaves_its_turn_to_the_next(lines: Lines) -> None:
    line = await lines.take()
    first, second = await waiting(lines, 2)
    first.cancel()
    lines.give(line)
    assert await second is line
    assert first.cancelled()
    lines.give(line)


@pytest.mark.parametrize("others", [0, 1])
async def test_a_line_that_comes_for_a_caller_that_just_gave_up_is_not_lost(
    lines: Lines, others: int
) -> None:
    line = await lines.take()
    first, *rest = await waiting(lines, 1 + others)
    lines.give(line)  # now it is meant for the first,
    first.cancel()  # who will never see it
    await asyncio.wait([first])
    assert first.cancelled()
    assert await (rest[0] if rest else lines.take()) is line
    lines.give(line)


async def test_room_that_comes_for_a_caller_that_just_gave_up_is_not_lost(lines: Lines) -> None:
    line = await lines.take()
    first, second = await waiting(lines, 2)
    line.abandon()
    lines.give(line)  # the first may open another now,
    first.cancel()  # and will not
    lines.give(await second)


async def test_a_caller_that_gives_up_while_it_opens_a_line_leaves_the_room_to_the_next(
    notebook: Connections,
) -> None:
    lines = Lines(notebook.service, PoolOptions(size=1, patience=CEILING))
    first, second = await waiting(lines, 2)
    first.cancel()
    lines.give(await second)
    await lines.close()


@pytest.mark.parametrize("conninfo", ["host=127.0.0.1 port=1", "host=/nowhere"])
async def test_it_is_said_at_once_that_there_is_no_database(conninfo: str) -> None:
    lines = Lines(conninfo, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING))
    callers = await waiting(lines, 3)
    async with asyncio.timeout(CEILING):
        results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [DatabaseUnavailable] * 3
    await lines.close()


async def test_nobody_waits_for_a_database_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        lines = Lines(f"host={host} port={port}", PoolOptions(size=1, patience=0.1))
        async with asyncio.timeout(CEILING):
            # The second where this process itself was held up meanwhile.
            with pytest.raises((DatabaseUnavailable, DatabaseOverloaded)):
                await lines.take()
        await lines.close()


async def test_nobody_waits_for_lines_none_of_which_comes_back(notebook: Connections) -> None:
    lines, loop = (
        Lines(notebook.service, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING)),
        asyncio.get_running_loop(),
    )
    async with asyncio.timeout(CEILING):
        line = await lines.take()
        lines.queue.patience = 0.1  # not before: to connect may take longer
        begun = loop.time()
        with pytest.raises(DatabaseOverloaded):
            await lines.take()
    assert loop.time() - begun > 0.09  # it counts in milliseconds
    lines.give(line)
    assert await lines.take() is line
    lines.give(line)
    await lines.close()


async def test_closing_tells_those_who_wait_and_closes_what_is_out(lines: Lines) -> None:
    line = await lines.take()
    callers = await waiting(lines, 3)
    await lines.close()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [DatabaseUnavailable] * 3
    assert not line.usable
    lines.give(line)
    with pytest.raises(DatabaseUnavailable):
        await lines.take()


async def test_closing_leaves_no_connection_behind(notebook: Connections, admin: Admin) -> None:
    lines = Lines(notebook.service, PoolOptions(size=2, patience=CEILING, queue_timeout=CEILING))
    first, second = await lines.take(), await lines.take()
    pids = [await pid_of(first), await pid_of(second)]
    lines.give(first)
    await lines.close()
    lines.give(second)
    query = "select count(*) from pg_stat_activity where pid = any(%s)"
    await until(lambda: admin.execute(query, [pids]).fetchone() == (0,))
