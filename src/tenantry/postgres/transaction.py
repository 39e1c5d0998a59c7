"""A transaction: what is written in it happens whole, or not at all."""

from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from psycopg import IntegrityError, OperationalError

from tenantry.postgres.connection import Connection, Result
from tenantry.postgres.constraints import Refusals, refuse
from tenantry.postgres.statement import BoundStatement, R, Statement

BEGIN = Statement("begin isolation level read committed")
NOW = Statement("select now()", datetime)
COMMIT = Statement("commit")
ROLLBACK = Statement("rollback")

NO_REFUSALS: Refusals = {}


class CommitLost(OperationalError):
    """PostgreSQL answered COMMIT with something else: nothing of the transaction was kept."""


class Tx:
    """An open transaction. Use cases take it as their first argument and never end it."""

    def __init__(
        self,
        connection: Connection,
        *,
        write_budget: int = 0,
        join: Callable[[Hashable], None] = lambda _: None,
    ) -> None:
        self._connection = connection
        self.join = join
        """Call it with a key before a row is locked for it, where the key was not known when the
        transaction began. Crowded, which starts it again (see `repeated`), where so many writes of
        that key are under way that others would be left without a connection."""
        self.write_budget = write_budget
        """How much those who write in it may record in a day; 0: no limit."""
        self._later: list[BoundStatement] = []
        self._refusals: dict[str, Callable[[], Exception]] = {}
        self._after_commit: list[Callable[[], None]] = []
        self.now: datetime
        """When the transaction began, by the database's clock: the time of all that it writes."""
        self.request_id: str | None = None
        """Which request this is for; its events say so."""
        self.revisions: dict[UUID, int] = {}
        """The revisions that this transaction wrote, by what has them, in order."""

    async def begin(self, *statements: BoundStatement) -> list[Result]:
        """Open the transaction; the statements travel in the same message."""
        before = [BEGIN(), *self._connection.prelude]
        now, *results = await self._connection.execute_pipeline(
            [*before, NOW(), *statements], unread=len(before)
        )
        self.now = now.rows[0]
        return results

    async def execute(self, statements: Sequence[BoundStatement]) -> list[Result]:
        """Run statements one after the other, in one message; the result of each."""
        later, self._later = self._later, []
        try:
            return await self._connection.execute_pipeline([*later, *statements], unread=len(later))
        except IntegrityError as broken:
            refuse(broken, self._refusals)
            raise

    async def rows(self, statement: BoundStatement[R]) -> list[R]:
        return (await self.execute([statement]))[0].rows

    async def row(self, statement: BoundStatement[R]) -> R | None:
        """Run a statement that returns at most one row."""
        rows = await self.rows(statement)
        return rows[0] if rows else None

    async def count(self, statement: BoundStatement) -> int:
        """Run a write; how many rows it touched."""
        return int((await self.execute([statement]))[0].tag.rsplit(" ", 1)[-1])

    def enqueue(self, statement: BoundStatement, refusals: Refusals = NO_REFUSALS) -> None:
        """A write whose result is not needed: it is sent with the next message, or with COMMIT.

        Should it fail, the transaction fails: as one of `refusals` where PostgreSQL names that
        constraint.
        """
        self._later.append(statement)
        self._refusals.update(refusals)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call this once the transaction is committed; never if it is not."""
        self._after_commit.append(callback)

    async def commit(self) -> None:
        """CommitLost if PostgreSQL rolled back instead."""
        (result,) = await self.execute([COMMIT()])
        if result.tag != "COMMIT":
            raise CommitLost(f"commit was answered by {result.tag}")
        for callback in self._after_commit:
            callback()

    async def rollback(self) -> None:
        """Never raises for a connection that is already lost."""
        self._later.clear()
        if self._connection.usable and not self._connection.idle:
            with suppress(OperationalError):
                await self._connection.execute_pipeline([ROLLBACK()])
