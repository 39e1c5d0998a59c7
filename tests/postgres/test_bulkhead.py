"""One organization's writes never take all connections; they wait for each other, in order."""

import asyncio
from uuid import UUID, uuid4

import pytest

from tenantry.cli.provision import Connections
from tenantry.postgres.bulkhead import Bulkhead
from tenantry.postgres.database import Database
from tenantry.postgres.failures import DatabaseLocked
from tenantry.postgres.pool.options import PoolOptions
from tests.postgres.backends import ONE

ACME, OTHER = uuid4(), uuid4()
SOON = 0.01
LONG = 60.0


async def waiting(bulkhead: Bulkhead, key: UUID, callers: int) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(bulkhead.enter(key)) for _ in range(callers)]
    await asyncio.sleep(0)
    return tasks


async def test_only_so_many_are_inside_at_once_and_others_are_not_held_up() -> None:
    bulkhead = Bulkhead(2, patience=LONG)
    inside = await waiting(bulkhead, ACME, 3)
    await bulkhead.enter(OTHER)
    assert [task.done() for task in inside] == [True, True, False]
    bulkhead.leave(ACME)
    await inside[2]


async def test_they_come_in_by_the_order_in_which_they_came() -> None:
    bulkhead, came = Bulkhead(1, patience=LONG), list[int]()

    async def enter(number: int) -> None:
        await bulkhead.enter(ACME)
        came.append(number)
        await asyncio.sleep(0)
        bulkhead.leave(ACME)

    await asyncio.gather(*[enter(number) for number in range(10)])
    assert came == list(range(10))


async def test_who_waits_in_vain_is_told_that_it_is_locked() -> None:
    bulkhead = Bulkhead(1, patience=SOON)
    await bulkhead.enter(ACME)
    with pytest.raises(DatabaseLocked):
        await bulkhead.enter(ACME)
    bulkhead.leave(ACME)
    await bulkhead.enter(ACME)


@pytest.mark.parametrize("has_come", [False, True])
async def test_a_place_for_who_has_gone_is_the_next_ones(has_come: bool) -> None:
    """Fails where a turn that came for a caller that just gave up is lost."""
    bulkhead = Bulkhead(1, patience=LONG)
    await bulkhead.enter(ACME)
    first, second = await waiting(bulkhead, ACME, 2)
    if has_come:
        bulkhead.leave(ACME)
        first.cancel()
    else:
        first.cancel()
        await asyncio.wait([first])
        bulkhead.leave(ACME)
    await asyncio.wait([first])
    assert first.cancelled()
    await second


async def test_nothing_is_remembered_of_who_has_left() -> None:
    bulkhead = Bulkhead(1, patience=SOON)
    for _ in range(3):
        await bulkhead.enter(ACME)
        with pytest.raises(DatabaseLocked):
            await bulkhead.enter(ACME)
        bulkhead.leave(ACME)
    assert bulkhead.keys == 0


async def test_transactions_of_one_organization_leave_connections_to_others(
    notebook: Connections,
) -> None:
    """Fails where `Database.transaction` does not heed `about`."""
    options = PoolOptions(size=3, per_key=2, patience=LONG, queue_timeout=LONG)
    database, inside, over = Database(notebook.service, options), list[int](), asyncio.Event()

    async def write(number: int) -> None:
        async with database.transaction(about=ACME):
            inside.append(number)
            await over.wait()

    writers = [asyncio.create_task(write(number)) for number in range(8)]
    while len(inside) < 2:
        await asyncio.sleep(SOON)
    async with database.transaction(ONE(), about=OTHER) as (_, (result,)):
        assert result.rows == [(1,)]
    assert (await database.execute([ONE()]))[0].rows == [(1,)]
    assert database.usage.waiting == 0
    assert len(inside) == 2
    over.set()
    await asyncio.gather(*writers)
    assert sorted(inside) == list(range(8))
    await database.close()


async def test_an_organization_never_takes_the_last_connection(notebook: Connections) -> None:
    options = PoolOptions(size=2, per_key=8, patience=LONG, queue_timeout=LONG)
    database = Database(notebook.service, options)
    async with database.transaction(about=ACME):
        second = asyncio.create_task(database.run(lambda tx: tx.row(ONE()), about=ACME))
        for _ in range(20):  # in which a second one would be done
            await database.execute([ONE()])
        assert not second.done()
    assert await second == (1,)
    await database.close()
