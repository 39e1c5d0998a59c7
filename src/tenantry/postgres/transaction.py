"""A transaction: all of its writes are committed, or none."""

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
    """PostgreSQL rolled back instead of committing: nothing was written."""


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
        """Call it with a key before locking the key's row, if the key was not known when the
        transaction began. Crowded, which restarts the transaction (see `repeated`), if the key's
        share of connections is in use."""
        self.write_budget = write_budget
        """How many bytes its writers may record in a day; 0 for no limit."""
        self._later: list[BoundStatement] = []
        self._refusals: dict[str, Callable[[], Exception]] = {}
        self._after_commit: list[Callable[[], None]] = []
        self.now: datetime
        """When the transaction began, by the database's clock: the time of all its writes."""
        self.request_id: str | None = None
        """The id of the request, for its events."""
        self.revisions: dict[UUID, int] = {}
        """The revisions that this transaction wrote, by what has them, in order."""

    async def begin(self, *statements: BoundStatement) -> list[Result]:
        """Open the transaction; the statements are sent in the same message."""
        before = [BEGIN(), *self._connection.prelude]
        now, *results = await self._connection.execute_pipeline(
            [*before, NOW(), *statements], unread=len(before)
        )
        self.now = now.rows[0]
        return results

    async def execute(self, statements: Sequence[BoundStatement]) -> list[Result]:
        """Run statements in order, in one message; returns the result of each."""
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
        """Run a write; returns the number of rows that it changed."""
        return int((await self.execute([statement]))[0].tag.rsplit(" ", 1)[-1])

    def enqueue(self, statement: BoundStatement, refusals: Refusals = NO_REFUSALS) -> None:
        """Add a write whose result is not needed; it is sent with the next message, or COMMIT.

        If it fails, the transaction fails, with the error in `refusals` for a violated constraint.
        """
        self._later.append(statement)
        self._refusals.update(refusals)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` after the commit; never if the transaction is not committed."""
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
