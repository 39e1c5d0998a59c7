"""The same arrangements without a pool: eight connections, handed out by a plain queue.

The difference to `carriers` is what the pool costs a call; a queue checks and repairs nothing.
"""

from typing import Any

import asyncpg

from bench import carriers
from bench.carriers import CONNECTIONS, Ask
from bench.peers.turns import Turns
from tenantry.postgres.connection import Connection


class _Queued:
    async def open(self, dsn: str) -> None:
        self.lines = [await self.connect(dsn) for _ in range(CONNECTIONS)]
        self.turns = Turns(self.lines)

    async def close(self) -> None:
        for line in self.lines:
            await line.close()

    async def connect(self, dsn: str) -> Any:
        return await asyncpg.connect(dsn)

    async def go(self, ask: Ask) -> Any:
        line = await self.turns.take()
        try:
            return await self.ask(line, ask)
        finally:
            self.turns.give(line)


class Function(_Queued):
    """as c, without a pool."""

    role = "app"

    async def ask(self, line: Any, ask: Ask) -> Any:
        return await line.fetchrow(carriers.FUNCTION, *ask)


class Reference(_Queued):
    """as d, without a pool."""

    role = "bare"

    async def ask(self, line: Any, ask: Ask) -> Any:
        return await line.fetchrow(carriers.REFERENCE, *ask)


class Ours(_Queued):
    """as e, without a pool."""

    role = "app"

    async def connect(self, dsn: str) -> Any:
        line = await Connection.connect(dsn, autocommit=True)
        line.settle()
        return line

    async def ask(self, line: Any, ask: Ask) -> Any:
        ours = carriers.Ours
        calls = [ours.authorize(ask.session, ask.user, ask.org), ours.read(ask.org, ask.workspace)]
        entered, found = await line.exchange(calls)
        return found.rows[0] if entered.rows and found.rows else None
