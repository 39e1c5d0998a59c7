"""The pulse: whether a PostgreSQL that owes answers is slow with them, or stands still.

A lock may be waited for longer than anybody should wait for a server that is gone, so no deadline
of ours could tell the one from the other. A line that nobody else uses can: it asks for nothing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from psycopg import OperationalError

from tenantry.database.exchange import Line
from tenantry.database.statement import Statement

# Together with a look's own delay these stay below the second after which calls say what is amiss.
_LOOK_SECONDS = 0.1
_OWED_SECONDS = 0.25
_PATIENCE_SECONDS = 0.5

_ANYTHING = Statement("select 1")


class Pulse:
    """Looks now and then while lines are lent; where an answer is late, asks for a sign of life."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Line]],
        owed_since: Callable[[], float | None],
        give_up: Callable[[float], None],
    ) -> None:
        """`owed_since` tells since when the oldest answer is owed; None where no line is lent.

        `give_up` is called with a moment: what was asked before then is not answered any more.
        """
        self._connect = connect
        self._owed_since = owed_since
        self._give_up = give_up
        self._line: Line | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._asking: asyncio.Task[None] | None = None

    def watch(self) -> None:
        """Look from now on, until no line is lent."""
        if self._alarm is None:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(_LOOK_SECONDS, self._look)

    async def stop(self) -> None:
        """Look no more."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])
        if self._line is not None:
            self._line.abandon()

    def _look(self) -> None:
        self._alarm = None
        since = self._owed_since()
        if since is None:
            return
        self.watch()
        late = time.monotonic() - since > _OWED_SECONDS
        if late and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        begun = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                if self._line is None or not self._line.usable:
                    self._line = await self._connect()
                await self._line.exchange([_ANYTHING()])
        except TimeoutError:
            # Where this process itself was held up, nothing is known of the server.
            if time.monotonic() - begun < _PATIENCE_SECONDS + _LOOK_SECONDS:
                await asyncio.sleep(0)  # an answer that has just come is not refused
                self._give_up(begun)
        except (OperationalError, OSError):
            return  # it has spoken, or is gone, which the lines see by themselves
