"""What a statement can be asked of: a transaction, or a read that carries its own entrance."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from tenantry.postgres.connection import Answer, Row
from tenantry.postgres.statement import Call


class Reader(Protocol):
    """Runs statements; stores of rooms take one, and need not know which."""

    async def rows(self, call: Call) -> list[Row]:
        """The rows of a statement."""
        ...

    async def row(self, call: Call) -> Row | None:
        """The row of a statement that returns at most one."""
        ...


class Outside:
    """Reads what belongs to no tenant: nobody has entered one, so row security shows none."""

    def __init__(self, exchange: Callable[[Sequence[Call]], Awaitable[list[Answer]]]) -> None:
        self._exchange = exchange

    async def rows(self, call: Call) -> list[Row]:
        """The rows of a statement."""
        return (await self._exchange([call]))[0].rows

    async def row(self, call: Call) -> Row | None:
        """The row of a statement that returns at most one row."""
        rows = await self.rows(call)
        return rows[0] if rows else None
