"""A plain queue of connections: no checks, no repairs, as little as possible."""

import asyncio
from collections import deque
from typing import Any


class Turns:
    """Connections that wait for a caller, or callers that wait for a connection."""

    def __init__(self, lines: list[Any]) -> None:
        self._free = deque(lines)
        self._waiting: deque[asyncio.Future[Any]] = deque()

    async def take(self) -> Any:
        """A connection, as soon as there is one."""
        if self._free:
            return self._free.popleft()
        turn: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        return await turn

    def give(self, line: Any) -> None:
        """Hand it to the next in turn."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(line)
                return
        self._free.append(line)
