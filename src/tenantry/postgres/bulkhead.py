"""A bulkhead: the writes of one key can never use all connections."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Hashable
from contextlib import asynccontextmanager
from contextvars import ContextVar

from tenantry.postgres.failures import DatabaseLocked

_HELD: ContextVar[frozenset[Hashable]] = ContextVar("_HELD", default=frozenset())
"""The keys that the current task has already entered."""


class Crowded(DatabaseLocked):
    """The limit is reached; the caller must return its connection before it waits."""

    def __init__(self, bulkhead: "Bulkhead", key: Hashable) -> None:
        super().__init__("other writes of the same key are in progress")
        self._bulkhead = bulkhead
        self._key = key

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[None]:
        """Enter the bulkhead for the block, after waiting if necessary. DatabaseLocked."""
        await self._bulkhead.enter(self._key)
        held = _HELD.set(_HELD.get() | {self._key})
        try:
            yield
        finally:
            _HELD.reset(held)
            self._bulkhead.leave(self._key)


class Bulkhead:
    """Admits a limited number at once for each key; the others wait in order, with no connection.

    Writers of one key often wait for the same lock; without this, each would hold a connection
    while it waits.
    """

    def __init__(self, most: int, *, patience: float) -> None:
        """Admits `most` at once for each key; a caller waits at most `patience` seconds."""
        self._most = most
        self._patience = patience
        self._inside: dict[Hashable, int] = {}
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}

    @property
    def keys(self) -> int:
        """The number of keys with a caller inside or waiting."""
        return len(self._inside.keys() | self._waiting.keys())

    async def enter(self, key: Hashable) -> None:
        """Enter, or wait until another leaves. DatabaseLocked if none does in time."""
        inside = self._inside.get(key, 0)
        if inside < self._most:
            self._inside[key] = inside + 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as failed:
            if turn.done() and not turn.cancelled():  # admitted just as this caller gave up
                self.leave(key)
            turn.cancel()
            if isinstance(failed, TimeoutError):
                raise DatabaseLocked("other writes of the same key are in progress") from None
            raise

    def enter_at_once(self, key: Hashable) -> bool:
        """Enter without waiting; False if the task is already inside. Crowded."""
        if key in _HELD.get():
            return False
        if self._inside.get(key, 0) >= self._most:
            raise Crowded(self, key)
        self._inside[key] = self._inside.get(key, 0) + 1
        return True

    def leave(self, key: Hashable) -> None:
        """Leave, and admit the next caller in the queue."""
        waiting = self._waiting.get(key)
        while waiting:
            turn = waiting.popleft()
            if not waiting:
                del self._waiting[key]
            if not turn.done():
                turn.set_result(None)
                return
        self._inside[key] -= 1
        if not self._inside[key]:
            del self._inside[key]
