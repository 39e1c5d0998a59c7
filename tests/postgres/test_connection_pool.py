"""Lines are lent one at a time, in order, clean, and never lost."""

import asyncio
import socket
from collections.abc import AsyncGenerator

import pytest

from tenantry.cli.provision import Connections
from tenantry.postgres.connection import Connection
from tenantry.postgres.failures import DatabaseOverloaded, DatabaseUnavailable
from tenantry.postgres.pool.connection_pool import ConnectionPool
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.transaction import BEGIN
from tests.postgres.backends import BROKEN, NAP, Admin, kill, pid_of, until
from tests.support.processes import CEILING

ONE_TURN = 0  # `asyncio.sleep(ONE_TURN)` lets everything that can run, run once


@pytest.fixture
async def lines(notebook: Connections) -> AsyncGenerator[ConnectionPool]:
    """One line at most; who waits for it is patient."""
    lines = ConnectionPool(
        notebook.service, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING)
    )
    yield lines
    await lines.close()


async def waiting(lines: ConnectionPool, callers: int) -> list[asyncio.Task[Connection]]:
    """So many callers, one behind the other, when no line is free."""
    tasks = [asyncio.create_task(lines.acquire()) for _ in range(callers)]
    await asyncio.sleep(ONE_TURN)
    return tasks


async def test_a_line_that_comes_back_clean_is_lent_again(lines: ConnectionPool) -> None:
    first = await lines.acquire()
    lines.release(first)
    second = await lines.acquire()
    lines.release(second)
    assert second is first


async def test_it_is_told_of_each_caller_who_did_not_get_a_line_at_once(
    notebook: Connections,
) -> None:
    waits = list[float]()
    lines = ConnectionPool(
        notebook.service, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING), waits.append
    )
    lines.release(await lines.acquire())  # which had to be opened
    connection = await lines.acquire()
    assert len(waits) == 1
    (second,) = await waiting(lines, 1)
    lines.release(connection)
    lines.release(await second)
    assert len(waits) == 2
    assert min(waits) >= 0
    await lines.close()


async def test_never_more_lines_are_out_than_there_may_be(notebook: Connections) -> None:
    lines, pids = (
        ConnectionPool(
            notebook.service, PoolOptions(size=3, patience=CEILING, queue_timeout=CEILING)
        ),
        set[int](),
    )
    everyone_has_come = asyncio.Barrier(3)

    async def use() -> None:
        connection = await lines.acquire()
        await everyone_has_come.wait()
        pids.add(await pid_of(connection))
        lines.release(connection)

    await asyncio.gather(*[use() for _ in range(60)])
    await lines.close()
    assert len(pids) == 3


async def test_waiting_callers_are_served_in_order(lines: ConnectionPool) -> None:
    served = list[int]()

    async def use(number: int) -> None:
        connection = await lines.acquire()
        served.append(number)
        await pid_of(connection)
        lines.release(connection)

    await asyncio.gather(*[use(number) for number in range(12)])
    assert served == list(range(12))


@pytest.mark.parametrize("unclean", ["open", "failed", "cancelled"])
async def test_a_line_that_comes_back_unclean_is_closed_and_another_opened(
    lines: ConnectionPool, admin: Admin, unclean: str
) -> None:
    connection = await lines.acquire()
    pid = await pid_of(connection)
    (next_in_turn,) = await waiting(lines, 1)
    if unclean == "cancelled":
        asking = asyncio.create_task(connection.execute_pipeline([NAP(60)]))
        await asyncio.sleep(ONE_TURN)
        asking.cancel()
    else:
        await connection.execute_pipeline([BEGIN()])
        asking = asyncio.create_task(connection.execute_pipeline([BROKEN(int(unclean == "open"))]))
    await asyncio.wait([asking])
    assert asking.cancelled() or (asking.exception() is not None) == (unclean == "failed")
    lines.release(connection)
    other = await next_in_turn
    assert other is not connection
    assert not connection.usable
    assert await pid_of(other) != pid
    lines.release(other)
    kill_if_alive(admin, pid)


def kill_if_alive(admin: Admin, pid: int) -> None:
    admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid = %s", [pid])


async def test_a_dead_line_is_not_lent(lines: ConnectionPool, admin: Admin) -> None:
    connection = await lines.acquire()
    pid = await pid_of(connection)
    lines.release(connection)
    kill(admin, pid)
    await until(lambda: not connection.usable)
    other = await lines.acquire()
    assert other is not connection
    await pid_of(other)
    lines.release(other)


async def test_a_caller_that_gives_up_leaves_its_turn_to_the_next(lines: ConnectionPool) -> None:
    connection = await lines.acquire()
    first, second = await waiting(lines, 2)
    first.cancel()
    lines.release(connection)
    assert await second is connection
    assert first.cancelled()
    lines.release(connection)


@pytest.mark.parametrize("others", [0, 1])
async def test_a_line_that_comes_for_a_caller_that_just_gave_up_is_not_lost(
    lines: ConnectionPool, others: int
) -> None:
    connection = await lines.acquire()
    first, *rest = await waiting(lines, 1 + others)
    lines.release(connection)  # now it is meant for the first,
    first.cancel()  # who will never see it
    await asyncio.wait([first])
    assert first.cancelled()
    assert await (rest[0] if rest else lines.acquire()) is connection
    lines.release(connection)


async def test_room_that_comes_for_a_caller_that_just_gave_up_is_not_lost(
    lines: ConnectionPool,
) -> None:
    connection = await lines.acquire()
    first, second = await waiting(lines, 2)
    connection.abandon()
    lines.release(connection)  # the first may open another now,
    first.cancel()  # and will not
    lines.release(await second)


async def test_a_caller_that_gives_up_while_it_opens_a_line_leaves_the_room_to_the_next(
    notebook: Connections,
) -> None:
    lines = ConnectionPool(notebook.service, PoolOptions(size=1, patience=CEILING))
    first, second = await waiting(lines, 2)
    first.cancel()
    lines.release(await second)
    await lines.close()


@pytest.mark.parametrize("conninfo", ["host=127.0.0.1 port=1", "host=/nowhere"])
async def test_it_is_said_at_once_that_there_is_no_database(conninfo: str) -> None:
    lines = ConnectionPool(conninfo, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING))
    callers = await waiting(lines, 3)
    async with asyncio.timeout(CEILING):
        results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [DatabaseUnavailable] * 3
    await lines.close()


async def test_no_one_waits_for_a_database_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        lines = ConnectionPool(f"host={host} port={port}", PoolOptions(size=1, patience=0.1))
        async with asyncio.timeout(CEILING):
            # The second where this process itself was held up meanwhile.
            with pytest.raises((DatabaseUnavailable, DatabaseOverloaded)):
                await lines.acquire()
        await lines.close()


async def test_no_one_waits_for_lines_none_of_which_comes_back(notebook: Connections) -> None:
    lines, loop = (
        ConnectionPool(
            notebook.service, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING)
        ),
        asyncio.get_running_loop(),
    )
    async with asyncio.timeout(CEILING):
        connection = await lines.acquire()
        lines.queue.patience = 0.1  # not before: to connect may take longer
        begun = loop.time()
        with pytest.raises(DatabaseOverloaded):
            await lines.acquire()
    assert loop.time() - begun > 0.09  # it counts in milliseconds
    lines.release(connection)
    assert await lines.acquire() is connection
    lines.release(connection)
    await lines.close()


async def test_closing_tells_those_who_wait_and_closes_what_is_out(lines: ConnectionPool) -> None:
    connection = await lines.acquire()
    callers = await waiting(lines, 3)
    await lines.close()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [DatabaseUnavailable] * 3
    assert not connection.usable
    lines.release(connection)
    with pytest.raises(DatabaseUnavailable):
        await lines.acquire()


async def test_closing_leaves_no_connection_behind(notebook: Connections, admin: Admin) -> None:
    lines = ConnectionPool(
        notebook.service, PoolOptions(size=2, patience=CEILING, queue_timeout=CEILING)
    )
    first, second = await lines.acquire(), await lines.acquire()
    pids = [await pid_of(first), await pid_of(second)]
    lines.release(first)
    await lines.close()
    lines.release(second)
    query = "select count(*) from pg_stat_activity where pid = any(%s)"
    await until(lambda: admin.execute(query, [pids]).fetchone() == (0,))
