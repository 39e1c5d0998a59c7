"""The interface with which stores run statements: a transaction, or a read outside of one."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement, R

Executor = Callable[[Sequence[BoundStatement]], Awaitable[list[Result]]]
"""Runs statements in one message; the result of each."""


class Reader(Protocol):
    """Runs the statements of stores."""

    async def rows(self, statement: BoundStatement[R]) -> list[R]: ...

    async def row(self, statement: BoundStatement[R]) -> R | None:
        """The row of a statement that returns at most one."""
        ...


class UnscopedReader:
    """Reads outside a transaction, with nothing set for row security: it shows no protected row."""

    def __init__(self, exchange: Executor) -> None:
        self._exchange = exchange

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        return (await self._exchange([statement]))[0].rows

    async def row(self, statement: BoundStatement[R]) -> R | None:
        rows = await self.rows(statement)
        return rows[0] if rows else None
