"""The service's connections to PostgreSQL: exchanges and transactions over a bounded pool."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from types import TracebackType
from typing import TypeVar

from psycopg import OperationalError, errors

from tenantry.postgres.bulkhead import Bulkhead
from tenantry.postgres.connection import Connection, Result
from tenantry.postgres.failures import DatabaseUnavailable, StatementOutdated
from tenantry.postgres.pool.connection_pool import ConnectionPool, PoolUsage
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.retry import repeated
from tenantry.postgres.statement import BoundStatement
from tenantry.postgres.transaction import Tx

__all__ = ["Database", "DatabaseUnavailable"]

DEFAULTS = PoolOptions()

T = TypeVar("T")


class Database:
    """PostgreSQL as the service sees it; it connects when it is first needed."""

    def __init__(
        self,
        conninfo: str,
        options: PoolOptions = DEFAULTS,
        *,
        write_budget: int = 0,
        on_wait: Callable[[float], None] | None = None,
    ) -> None:
        """Where, and by how many connections at most.

        `write_budget` is what transactions are told of, see `Tx`; `on_wait` is told how many
        seconds each caller waited who did not get a connection at once.
        """
        self._write_budget = write_budget
        self._lines = ConnectionPool(conninfo, options, on_wait)
        most = max(1, min(options.per_key, options.size - 1))
        self._bulkhead = Bulkhead(most, patience=max(options.queue_timeout, options.lock_timeout))

    @property
    def usage(self) -> PoolUsage:
        """How far the connections are used at this moment."""
        return self._lines.usage

    async def close(self) -> None:
        """Close every connection."""
        await self._lines.close()

    async def execute(self, statements: Sequence[BoundStatement]) -> list[Result]:
        """Run the calls as one implicit transaction in one message: for reads.

        Repeated once where the connection turns out to be dead: a read may be.
        """
        try:
            return await self._exchange_once(statements)
        except OperationalError as lost:
            self._recover(lost)
        return await self._exchange_once(statements)

    async def ask_aside(self, statements: Sequence[BoundStatement]) -> list[Result]:
        """The same, beside all who wait for a connection: for what looks at the database itself."""
        return await self._lines.ask_aside(statements) or await self.execute(statements)

    async def _exchange_once(self, statements: Sequence[BoundStatement]) -> list[Result]:
        connection = await self._lines.acquire()
        try:
            return await (
                connection.read(statements)
                if connection.prelude
                else connection.execute_pipeline(statements)
            )
        finally:
            self._lines.release(connection)

    async def run(self, act: Callable[[Tx], Awaitable[T]], *, about: Hashable | None = None) -> T:
        """The result of an act that is the whole of a transaction.

        It is run again after a deadlock or a serialization failure, so it does nothing outside the
        transaction except by `Tx.after_commit`. `about` is the key that it writes for: other keys'
        writes never wait behind it for a connection.
        """
        return await self.run_after((), lambda tx, _: act(tx), about=about)

    async def run_after(
        self,
        first: Sequence[BoundStatement],
        act: Callable[[Tx, list[Result]], Awaitable[T]],
        *,
        about: Hashable | None = None,
    ) -> T:
        """The same; the act gets the results of `first`, which the first message carries."""

        async def once() -> T:
            async with self.transaction(*first, about=about) as (tx, results):
                return await act(tx, results)

        return await repeated(once)

    def transaction(
        self, *first: BoundStatement, about: Hashable | None = None
    ) -> "OpenTransaction":
        """One attempt: `first` in its first message, commit at the end, undone on an error."""
        return OpenTransaction(
            self._lines, self._bulkhead, first, about, self._recover, self._write_budget
        )

    def _recover(self, lost: OperationalError) -> None:
        """Make room for new connections after a restart of PostgreSQL; its refusals go on up."""
        if isinstance(lost, StatementOutdated):
            self._lines.outdate()
        elif lost.sqlstate is not None and not isinstance(lost, errors.AdminShutdown):
            raise lost
        else:
            self._lines.drop_idle()


class OpenTransaction:
    """A transaction while its block runs. By hand: two of contextlib's stacks cost more."""

    def __init__(
        self,
        pool: ConnectionPool,
        bulkhead: Bulkhead,
        first: Sequence[BoundStatement],
        about: Hashable | None,
        recover: Callable[[OperationalError], None],
        write_budget: int,
    ) -> None:
        self._write_budget = write_budget
        self._lines = pool
        self._bulkhead = bulkhead
        self._first = first
        self._about = about
        self._recover = recover
        self._joined = set[Hashable]()
        """The keys that it joined by itself."""
        self._line: Connection
        self._tx: Tx

    async def __aenter__(self) -> tuple[Tx, list[Result]]:
        if self._about is None:
            return await self._entered()
        await self._bulkhead.enter(self._about)
        try:
            return await self._entered()
        except BaseException:
            self._bulkhead.leave(self._about)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._commit()
            else:
                await self._undo(error)
        finally:
            self._lines.release(self._line)
            for joined in self._joined:
                self._bulkhead.leave(joined)
            if self._about is not None:
                self._bulkhead.leave(self._about)

    def _join(self, key: Hashable) -> None:
        if key != self._about and key not in self._joined and self._bulkhead.enter_at_once(key):
            self._joined.add(key)

    async def _entered(self) -> tuple[Tx, list[Result]]:
        try:
            return await self._begin()
        except OperationalError as lost:
            # Nothing was done yet, so it may begin again on a live connection.
            self._recover(lost)
        return await self._begin()

    async def _begin(self) -> tuple[Tx, list[Result]]:
        self._line = await self._lines.acquire()
        try:
            self._tx = Tx(self._line, write_budget=self._write_budget, join=self._join)
            return self._tx, await self._tx.begin(*self._first)
        except BaseException:
            self._lines.release(self._line)
            raise

    async def _commit(self) -> None:
        try:
            await self._tx.commit()
        except BaseException as failed:
            await self._undo(failed)
            raise

    async def _undo(self, failed: BaseException) -> None:
        await self._tx.rollback()
        if isinstance(failed, StatementOutdated):
            self._recover(failed)
