"""Work off the event loop: its queue is bounded, and cancelled work is not done."""

import asyncio
from collections.abc import Generator
from threading import Event
from typing import Never

import pytest

from tenantry.kit.bounded_executor import BoundedExecutor, Overloaded


class Gone(Exception):
    """Who asked is not there any more."""


@pytest.fixture
def executor() -> Generator[BoundedExecutor]:
    """One thread, for which one piece of work may wait."""
    made = BoundedExecutor("test", threads=1, waiting=1)
    yield made
    made.close()


async def stays() -> Never:
    """A caller who waits for the answer."""
    while True:
        await asyncio.sleep(3600)


async def leaves() -> Never:
    """A caller who has gone."""
    raise Gone


async def test_work_gives_what_it_gives(executor: BoundedExecutor) -> None:
    assert await executor.run(lambda: 42, stays) == 42
    with pytest.raises(ZeroDivisionError):
        await executor.run(lambda: 1 // 0, stays)


async def test_who_would_wait_beyond_the_end_of_the_queue_is_refused_at_once(
    executor: BoundedExecutor,
) -> None:
    held = Event()
    try:
        first = [asyncio.create_task(executor.run(held.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await executor.run(held.wait)
    finally:
        held.set()
    assert await asyncio.gather(*first) == [True, True]
    assert await executor.run(held.wait)


async def test_what_waits_is_never_begun_once_its_caller_has_gone(
    executor: BoundedExecutor,
) -> None:
    held, begun = Event(), Event()
    try:
        first = asyncio.create_task(executor.run(held.wait))
        await asyncio.sleep(0)
        with pytest.raises(Gone):
            await executor.run(begun.set, leaves)
        waits_in_its_place = asyncio.create_task(executor.run(held.wait, stays))
        await asyncio.sleep(0)
    finally:
        held.set()
    assert await asyncio.gather(first, waits_in_its_place) == [True, True]
    assert not begun.is_set()
