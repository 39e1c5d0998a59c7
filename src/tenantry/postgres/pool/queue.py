"""The queue of callers that wait for a connection."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from tenantry.postgres.connection import Connection
from tenantry.postgres.failures import DatabaseOverloaded
from tenantry.postgres.pool.options import PoolOptions

_SMOOTHING = 0.1
"""The weight of the latest use in the moving average of the time of use."""


class _Turn(NamedTuple):
    connection: asyncio.Future[Connection | None]
    since: float


class Queue:
    """Hands out returned connections in order; a caller that would wait in vain fails early.

    DatabaseOverloaded is raised at once if the callers ahead would take longer than
    `queue_timeout`; otherwise if no connection was returned for `patience`, or after
    `queue_timeout`.
    """

    def __init__(
        self,
        options: PoolOptions,
        is_in_doubt: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_in_doubt`: whether a probe is waiting for PostgreSQL at this moment."""
        self.patience = options.patience
        self.last_return = 0.0
        self._options = options
        self._is_in_doubt = is_in_doubt
        self._clock = clock
        self._turns: deque[_Turn] = deque()
        self._use_seconds = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._due = 0.0

    @property
    def length(self) -> int:
        return sum(not turn.connection.done() for turn in self._turns)

    def note_use(self, seconds: float) -> None:
        """Note that a connection was returned intact after so many seconds."""
        self.last_return = self._clock()
        self._use_seconds += (seconds - self._use_seconds) * _SMOOTHING

    def join(self) -> asyncio.Future[Connection | None]:
        """Join the queue. The future's result is a connection, or None to open a new one."""
        ahead = len(self._turns) * self._use_seconds / self._options.size
        if ahead > self._options.queue_timeout:
            raise DatabaseOverloaded("the callers ahead take longer than the queue timeout")
        turn = _Turn(asyncio.get_running_loop().create_future(), self._clock())
        self._turns.append(turn)
        self._watch()
        return turn.connection

    def serve(self, connection: Connection | None) -> bool:
        """Give the next caller a connection, or None to open one; returns whether one waited."""
        while self._turns:
            turn = self._turns.popleft().connection
            if not turn.done():
                turn.set_result(connection)
                return True
        return False

    def fail_all(self, failure: Callable[[], Exception]) -> None:
        for turn in self._turns:
            if not turn.connection.done():
                turn.connection.set_exception(failure())
        self._turns.clear()

    def stop(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def _watch(self) -> None:
        """Check regularly whether callers still wait for good reason; one timer serves all."""
        if self._alarm is None:
            self._due = self._clock() + self.patience / 8
            self._alarm = asyncio.get_running_loop().call_later(self.patience / 8, self.look)

    def look(self) -> None:
        """Fail the callers that would wait in vain."""
        self._alarm = None
        now = self._clock()
        # If this process itself was delayed, it has not yet seen the connections returned since.
        is_late = now - self._due > self.patience / 4
        self._turns = deque(turn for turn in self._turns if not turn.connection.done())
        for turn in self._turns:
            if now - turn.since >= self._options.queue_timeout:
                turn.connection.set_exception(DatabaseOverloaded("no connection became free"))
            elif not is_late and self._is_stuck(turn, now) and not self._is_in_doubt():
                turn.connection.set_exception(DatabaseOverloaded("no connection is returned"))
        if self._turns:
            self._watch()

    def _is_stuck(self, turn: _Turn, now: float) -> bool:
        return now - max(self.last_return, turn.since) >= self.patience
