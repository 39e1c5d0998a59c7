"""A few threads for slow work, with a bounded queue."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Never, TypeVar

from tenantry.kit.refusals import Refusal

T = TypeVar("T")
Departure = Callable[[], Awaitable[Never]]
"""Never returns: raises when the caller who requested the work has disconnected."""


class Overloaded(Refusal):
    """The queue has more work of this kind than can be done in a few seconds."""

    code = "overloaded"
    detail = "The service is busy. Try again shortly."


class BoundedExecutor:
    """Runs work on `threads` threads, in order; the queue holds at most `waiting` items."""

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._places = BoundedSemaphore(threads + waiting)

    def close(self) -> None:
        """Stop the threads; queued work is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T], departure: Departure | None = None) -> T:
        """The result of the work. Overloaded if the queue is full.

        If `departure` raises first, so does this, and work that has not begun is dropped.
        """
        if not self._places.acquire(blocking=False):
            raise Overloaded
        submitted = self._threads.submit(work)
        submitted.add_done_callback(lambda _: self._places.release())
        done = asyncio.wrap_future(submitted)
        if departure is None:
            return await done
        leaving = asyncio.ensure_future(departure())
        leaving.add_done_callback(lambda left: left.cancelled() or left.exception())
        try:
            await asyncio.wait({done, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return await (done if done.done() else leaving)
        finally:
            leaving.cancel()
            submitted.cancel()
