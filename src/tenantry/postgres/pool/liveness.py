"""A probe that distinguishes a slow PostgreSQL from a frozen one.

Waiting for a lock may take longer than callers should wait for a dead server, so no deadline can
distinguish the two. A query on a separate connection can, because it waits for no lock.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from psycopg import OperationalError

from tenantry.postgres.connection import Connection, Result
from tenantry.postgres.statement import BoundStatement, Statement

# With the delay of a check, these stay below the second after which calls must fail.
_LOOK_SECONDS = 0.1
_OWED_SECONDS = 0.25
_PATIENCE_SECONDS = 0.5

_ANYTHING = Statement("select 1", int)


class LivenessProbe:
    """Checks regularly while connections are in use; if an answer is late, it sends a probe."""

    def __init__(
        self,
        connect: Callable[[str], Awaitable[Connection]],
        latest: Callable[[], Connection | None],
        give_up: Callable[[str, float], None],
    ) -> None:
        """`latest` returns the connection that has waited longest for its answer, if any.

        `give_up` is called with a server and a time: messages that were sent to it before then will
        not be answered.
        """
        self._connect = connect
        self._latest = latest
        self._give_up = give_up
        self._connection: Connection | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._asking: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def is_asking(self) -> bool:
        return self._asking is not None and not self._asking.done()

    def watch(self) -> None:
        """Start to check, until no connection is in use."""
        if self._alarm is None:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(_LOOK_SECONDS, self._look)

    async def ask(self, server: str, statements: Sequence[BoundStatement]) -> list[Result]:
        """Query a server without queueing for a connection. TimeoutError if it is silent."""
        async with asyncio.timeout(_PATIENCE_SECONDS), self._one_at_a_time:
            connection = self._connection
            if connection is not None and connection.usable and connection.server != server:
                connection.abandon()
            if connection is None or not connection.usable:
                connection = self._connection = await self._connect(server)
            return await connection.read(statements)

    async def stop(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])
        if self._connection is not None:
            self._connection.abandon()

    def _look(self) -> None:
        self._alarm = None
        latest = self._latest()
        if latest is None:
            return
        self.watch()
        is_late = latest.asked_at and time.monotonic() - latest.asked_at > _OWED_SECONDS
        if is_late and not self.is_asking:
            self._asking = asyncio.create_task(self._ask(latest.server))

    async def _ask(self, server: str) -> None:
        begun = time.monotonic()
        try:
            await self.ask(server, [_ANYTHING()])
        except TimeoutError:
            # If this process itself was delayed, the server may be fine.
            if time.monotonic() - begun < _PATIENCE_SECONDS + _LOOK_SECONDS:
                await asyncio.sleep(0)  # an answer may just have arrived
                self._give_up(server, begun)
        except (OperationalError, OSError):
            return  # it refused or closed the connection, which the callers notice themselves
