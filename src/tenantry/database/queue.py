"""Callers that wait for a connection, in the order of asking."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from tenantry.database.exchange import Line
from tenantry.database.failures import DatabaseOverloaded
from tenantry.database.options import PoolOptions

_SMOOTHING = 0.1
"""How much the last use of a connection weighs in how long one takes on average."""


class _Turn(NamedTuple):
    line: asyncio.Future[Line | None]
    since: float


class Queue:
    """Hands out what comes back. Who would wait in vain is told so early, with DatabaseOverloaded.

    That is at once where those ahead take longer than anybody waits; else once nothing has come
    back for `patience`, or after `queue_timeout`.
    """

    def __init__(
        self,
        options: PoolOptions,
        is_in_doubt: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_in_doubt`: whether it is being found out at this moment if PostgreSQL answers."""
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
        """How many callers wait."""
        return sum(not turn.line.done() for turn in self._turns)

    def note_use(self, seconds: float) -> None:
        """A connection has come back sound, after so long."""
        self.last_return = self._clock()
        self._use_seconds += (seconds - self._use_seconds) * _SMOOTHING

    def join(self) -> asyncio.Future[Line | None]:
        """A place at the end: it brings a line, or None where one may be opened instead."""
        ahead = len(self._turns) * self._use_seconds / self._options.size
        if ahead > self._options.queue_timeout:
            raise DatabaseOverloaded("those ahead take longer than anybody waits")
        turn = _Turn(asyncio.get_running_loop().create_future(), self._clock())
        self._turns.append(turn)
        self._watch()
        return turn.line

    def serve(self, line: Line | None) -> bool:
        """Give the next who waits a line, or the room for one; whether there was anybody."""
        while self._turns:
            turn = self._turns.popleft().line
            if not turn.done():
                turn.set_result(line)
                return True
        return False

    def tell_all(self, failure: Callable[[], Exception]) -> None:
        """Let nobody wait any longer."""
        for turn in self._turns:
            if not turn.line.done():
                turn.line.set_exception(failure())
        self._turns.clear()

    def stop(self) -> None:
        """Look after nobody any more."""
        if self._alarm is not None:
            self._alarm.cancel()

    def _watch(self) -> None:
        """Look now and then whether it is still worth waiting: one clock for all who wait."""
        if self._alarm is None:
            self._due = self._clock() + self.patience / 8
            self._alarm = asyncio.get_running_loop().call_later(self.patience / 8, self.look)

    def look(self) -> None:
        """Tell those who wait in vain."""
        self._alarm = None
        now = self._clock()
        # Where this process itself was held up, what has come back meanwhile was not seen yet.
        is_late = now - self._due > self.patience / 4
        self._turns = deque(turn for turn in self._turns if not turn.line.done())
        for turn in self._turns:
            if now - turn.since >= self._options.queue_timeout:
                turn.line.set_exception(DatabaseOverloaded("no connection came free in time"))
            elif not is_late and self._is_stuck(turn, now) and not self._is_in_doubt():
                turn.line.set_exception(DatabaseOverloaded("no connection comes back"))
        if self._turns:
            self._watch()

    def _is_stuck(self, turn: _Turn, now: float) -> bool:
        return now - max(self.last_return, turn.since) >= self.patience
