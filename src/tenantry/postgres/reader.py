"""What a statement can be asked of: a transaction, or a read that carries its own entrance."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, R


class Reader(Protocol):
    """Runs statements; stores of rooms take one, and need not know which."""

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The rows of a statement."""
        ...

    async def row(self, statement: BoundStatement[R]) -> R | None:
        """The row of a statement that returns at most one."""
        ...


class UnscopedReader:
    """Reads what belongs to no tenant: none is set, so row security shows no tenant's rows."""

    def __init__(
        self, exchange: Callable[[Sequence[BoundStatement]], Awaitable[list[Result]]]
    ) -> None:
        self._exchange = exchange

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        """The rows of a statement."""
        return (await self._exchange([statement]))[0].rows

    async def row(self, statement: BoundStatement[R]) -> R | None:
        """The row of a statement that returns at most one row."""
        rows = await self.rows(statement)
        return rows[0] if rows else None
