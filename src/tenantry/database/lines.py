"""The lines of one process: a bounded number of connections, lent out one exchange at a time.

A PostgreSQL that stands still keeps its connections and answers nothing. So while an answer is
waited for, a line of our own asks for a sign of life (`pulse.py`); without one, all who wait are
told, and their lines are closed.

psycopg's own pool cost more CPU a call than the exchange itself where callers wait for each other;
measured in docs/adr/0002-one-message-reads.md.
"""

import asyncio
import math
import time
from collections import deque
from typing import NamedTuple

from psycopg import OperationalError

from tenantry.database.exchange import DatabaseUnavailable, Line
from tenantry.database.pulse import Pulse
from tenantry.database.statement import Statement

# Who waits behind many others waits on while lines keep coming back, so long at most.
_LONGEST_WAIT_SECONDS = 5.0

# A connection's server process grows with what it has cached; now and then it may start afresh.
_LIFETIME_SECONDS = 1800.0

# A cancelled request sends no CancelRequest, so the server itself must end what takes too long.
SESSION_SETTINGS = {
    "timezone": "UTC",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
}
_SET = Statement("select set_config($1, $2, false)")


class Usage(NamedTuple):
    """How far the lines of a process are used, at one moment."""

    size: int
    lent: int
    waited_for: int


class _Turn(NamedTuple):
    """Somebody's turn, in the order of asking."""

    line: asyncio.Future[Line | None]
    since: float


class Lines:
    """Lends lines. What comes back unclean is closed; a new one is opened when next needed."""

    def __init__(self, conninfo: str, *, size: int, patience: float) -> None:
        self._conninfo = conninfo
        self._size = size
        self.patience = patience
        self._idle: list[tuple[Line, float]] = []
        self._lent: dict[Line, float] = {}
        self._opening = 0
        self._last_return = 0.0
        self._waiting: deque[_Turn] = deque()
        self._alarm: asyncio.TimerHandle | None = None
        self._closed = False
        self._pulse = Pulse(self._connected, self._waited_for, self._give_up)

    async def take(self) -> Line:
        """A line that is idle and sets no tenant.

        DatabaseUnavailable where none can be opened within `patience` seconds, or where for so long
        none of those that are lent has come back: then PostgreSQL answers nobody.
        """
        since = time.monotonic()
        while not self._closed:
            line = self._idle_line()
            if line is not None:
                return line
            if len(self._lent) + self._opening < self._size:
                return await self._open(since)
            line = await self._given()
            if line is not None:
                return line
        raise DatabaseUnavailable

    def give(self, line: Line) -> None:
        """Take a line back: to the next who waits, to the idle ones, or away."""
        born = self._lent.pop(line)
        if line.usable:  # a lost one tells nothing of the others
            self._last_return = time.monotonic()
        if not line.idle or self._closed or time.monotonic() - born > _LIFETIME_SECONDS:
            line.abandon()
            self._wake_one(None)
        elif not self._wake_one(line, born):
            self._idle.append((line, born))

    @property
    def usage(self) -> Usage:
        """How many there may be, how many are lent, and how many callers wait."""
        waiting = sum(not turn.line.done() for turn in self._waiting)
        return Usage(self._size, len(self._lent), waiting)

    def drop_idle(self) -> None:
        """Close what is idle: after a restart of PostgreSQL none of it is alive."""
        while self._idle:
            self._idle.pop()[0].abandon()

    async def close(self) -> None:
        """Close everything; whoever waits is told that the database is unavailable."""
        self._closed = True
        if self._alarm is not None:
            self._alarm.cancel()
        await self._pulse.stop()
        self.drop_idle()
        for line in list(self._lent):
            line.abandon()
        while self._wake_one(None):
            continue
        await asyncio.sleep(0)  # abandoned lines are finished one turn of the loop later

    def _waited_for(self) -> float | None:
        """Since when the server has owed its oldest answer; None where no line is lent."""
        return min((line.asked_at or math.inf for line in self._lent), default=None)

    def _give_up(self, asked_before: float) -> None:
        """PostgreSQL stands still: tell those who wait for it since before then."""
        self.drop_idle()
        for line in self._lent:
            if line.asked_at and line.asked_at < asked_before:
                line.give_up()

    def _idle_line(self) -> Line | None:
        while self._idle:
            line, born = self._idle.pop()
            if line.idle:
                self._lend(line, born)
                return line
            line.abandon()
        return None

    def _lend(self, line: Line, born: float) -> None:
        self._lent[line] = born
        self._pulse.watch()

    async def _open(self, since: float) -> Line:
        # Who has waited for others in vain has little patience left for a server that is silent.
        left = max(self._last_return, since) + self.patience - time.monotonic()
        left = max(left, self.patience / 4)
        self._opening += 1
        try:
            async with asyncio.timeout(left):
                line = await self._connected()
        except BaseException as failed:
            self._wake_one(None)  # the room is the next one's, also where the caller gave up
            if isinstance(failed, OperationalError | OSError | TimeoutError):
                raise DatabaseUnavailable from failed
            raise
        finally:
            self._opening -= 1
        self._lend(line, time.monotonic())
        return line

    async def _connected(self) -> Line:
        line = await Line.connect(self._conninfo, autocommit=True)
        line.settle()
        try:
            # By an exchange: cancelled, psycopg's own `execute` waits on for the server's answer.
            await line.exchange([_SET(*setting) for setting in SESSION_SETTINGS.items()])
        except BaseException:
            line.abandon()
            raise
        return line

    async def _given(self) -> Line | None:
        """A line that somebody gives back; None where one may be opened instead."""
        turn = _Turn(asyncio.get_running_loop().create_future(), time.monotonic())
        self._waiting.append(turn)
        self._watch()
        try:
            return await turn.line
        except asyncio.CancelledError:
            if not turn.line.cancelled() and turn.line.exception() is None:
                self._hand_on(turn.line.result())
            raise

    def _watch(self) -> None:
        """Look now and then whether it is still worth waiting: one clock for all who wait."""
        if self._alarm is None:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(self.patience / 8, self._look)

    def _look(self) -> None:
        self._alarm = None
        self._waiting = deque(turn for turn in self._waiting if not turn.line.done())
        for turn in self._waiting:
            if self._is_stuck(turn.since):
                turn.line.set_exception(DatabaseUnavailable())
        if self._waiting:
            self._watch()

    def _is_stuck(self, since: float) -> bool:
        """Whether it is in vain to wait on for a line that was asked for at `since`."""
        now = time.monotonic()
        alive = max(self._last_return, since)
        return now - alive >= self.patience or now - since >= _LONGEST_WAIT_SECONDS

    def _hand_on(self, line: Line | None) -> None:
        """What came for somebody who has gone meanwhile is the next one's."""
        if line is None:
            self._wake_one(None)
        else:
            self.give(line)

    def _wake_one(self, line: Line | None, born: float = 0.0) -> bool:
        while self._waiting:
            turn = self._waiting.popleft().line
            if not turn.done():
                if line is not None:
                    self._lend(line, born)
                turn.set_result(line)
                return True
        return False
