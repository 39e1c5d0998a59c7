"""Who waits for a connection in vain is told so early, by the queue's own clock."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass

import pytest

from tenantry.postgres.connection import Connection
from tenantry.postgres.failures import DatabaseOverloaded
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.pool.queue import Queue

OPTIONS = PoolOptions(size=2, patience=800, queue_timeout=2000)
"""In seconds that only the test's own clock brings."""


@dataclass
class Clock:
    """Goes as it is told."""

    now: float = 1000.0
    in_doubt: bool = False


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def queue(clock: Clock) -> Queue:
    return Queue(OPTIONS, lambda: clock.in_doubt, lambda: clock.now)


@pytest.fixture(autouse=True)
def stopped(queue: Queue) -> Generator[None]:
    yield
    queue.stop()


Place = asyncio.Future[Connection | None]


def look(queue: Queue, clock: Clock, seconds: float) -> None:
    """Let so much time pass, looking as often as the queue would."""
    for _ in range(round(seconds / 100)):
        clock.now += 100
        queue.look()


def is_told(place: Place) -> bool:
    return place.done() and isinstance(place.exception(), DatabaseOverloaded)


async def test_where_nothing_comes_back_they_are_told_soon(queue: Queue, clock: Clock) -> None:
    place = queue.join()
    look(queue, clock, 700)
    assert not place.done()
    look(queue, clock, 100)
    assert is_told(place)


async def test_while_lines_come_back_they_wait_on_but_not_for_ever(
    queue: Queue, clock: Clock
) -> None:
    place = queue.join()
    for _ in range(19):
        look(queue, clock, 100)
        queue.note_use(1)
    assert not place.done()
    look(queue, clock, 100)
    assert is_told(place)


async def test_while_it_is_in_doubt_whether_postgresql_answers_no_one_is_told_of_overload(
    queue: Queue, clock: Clock
) -> None:
    """The pulse's verdict comes soon, and would be another one."""
    place = queue.join()
    clock.in_doubt = True
    look(queue, clock, 1900)
    assert not place.done()
    look(queue, clock, 100)
    assert is_told(place)


async def test_a_process_that_was_held_up_looks_again_before_it_tells(
    queue: Queue, clock: Clock
) -> None:
    """Fails where the time is counted in which this process could not see what came back."""
    place = queue.join()
    clock.now += 1500
    queue.look()
    assert not place.done()
    look(queue, clock, 100)
    assert is_told(place)


async def test_who_would_wait_too_long_behind_those_ahead_is_told_at_once(
    queue: Queue, clock: Clock
) -> None:
    for _ in range(100):
        queue.note_use(1000)
    places = [queue.join() for _ in range(5)]  # two lines, each used for 1,000 seconds: 2,500
    with pytest.raises(DatabaseOverloaded):
        queue.join()
    assert not any(place.done() for place in places)
    for place in places:
        queue.serve(None)
        assert place.result() is None
    assert not queue.join().done()
