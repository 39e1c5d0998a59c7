"""Reads and transactions over a bounded pool of connections."""

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
    """A PostgreSQL database; it connects when it is first used."""

    def __init__(
        self,
        conninfo: str,
        options: PoolOptions = DEFAULTS,
        *,
        write_budget: int = 0,
        on_wait: Callable[[float], None] | None = None,
    ) -> None:
        """`on_wait` gets the seconds that each caller waited for a connection."""
        self._write_budget = write_budget
        self._pool = ConnectionPool(conninfo, options, on_wait)
        most = max(1, min(options.per_key, options.size - 1))
        self._bulkhead = Bulkhead(most, patience=max(options.queue_timeout, options.lock_timeout))

    @property
    def usage(self) -> PoolUsage:
        return self._pool.usage

    async def close(self) -> None:
        await self._pool.close()

    async def execute(self, statements: Sequence[BoundStatement]) -> list[Result]:
        """Run statements in one message, as one implicit transaction: for reads.

        They are retried once if the connection was lost.
        """
        try:
            return await self._exchange_once(statements)
        except OperationalError as lost:
            self._recover(lost)
        return await self._exchange_once(statements)

    async def ask_aside(self, statements: Sequence[BoundStatement]) -> list[Result]:
        """The same without queueing for a connection, for health checks."""
        return await self._pool.ask_aside(statements) or await self.execute(statements)

    async def _exchange_once(self, statements: Sequence[BoundStatement]) -> list[Result]:
        connection = await self._pool.acquire()
        try:
            return await (
                connection.read(statements)
                if connection.prelude
                else connection.execute_pipeline(statements)
            )
        finally:
            self._pool.release(connection)

    async def run(self, act: Callable[[Tx], Awaitable[T]], *, about: Hashable | None = None) -> T:
        """Run `act` as one transaction; returns its result.

        After a deadlock or a serialization failure it runs again, so it must have no effect outside
        the transaction except by `Tx.after_commit`. `about` is the key whose share of connections
        it uses: writes of other keys never wait behind it.
        """
        return await self.run_after((), lambda tx, _: act(tx), about=about)

    async def run_after(
        self,
        first: Sequence[BoundStatement],
        act: Callable[[Tx, list[Result]], Awaitable[T]],
        *,
        about: Hashable | None = None,
    ) -> T:
        """The same; `act` gets the results of `first`, which are sent in the first message."""

        async def once() -> T:
            async with self.transaction(*first, about=about) as (tx, results):
                return await act(tx, results)

        return await repeated(once)

    def transaction(
        self, *first: BoundStatement, about: Hashable | None = None
    ) -> "OpenTransaction":
        """One attempt: `first` in the first message, commit at the end, rollback on an error."""
        return OpenTransaction(
            self._pool, self._bulkhead, first, about, self._recover, self._write_budget
        )

    def _recover(self, lost: OperationalError) -> None:
        """Close idle connections if PostgreSQL has restarted. Raises errors that it reported."""
        if isinstance(lost, StatementOutdated):
            self._pool.outdate()
        elif lost.sqlstate is not None and not isinstance(lost, errors.AdminShutdown):
            raise lost
        else:
            self._pool.drop_idle()


class OpenTransaction:
    """A transaction as a context manager. Written by hand, because contextlib is slower."""

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
        self._pool = pool
        self._bulkhead = bulkhead
        self._first = first
        self._about = about
        self._recover = recover
        self._joined = set[Hashable]()
        """The bulkhead keys that this transaction entered itself."""
        self._connection: Connection
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
            self._pool.release(self._connection)
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
            # Nothing has happened yet, so it can start again on another connection.
            self._recover(lost)
        return await self._begin()

    async def _begin(self) -> tuple[Tx, list[Result]]:
        self._connection = await self._pool.acquire()
        try:
            self._tx = Tx(self._connection, write_budget=self._write_budget, join=self._join)
            return self._tx, await self._tx.begin(*self._first)
        except BaseException:
            self._pool.release(self._connection)
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
