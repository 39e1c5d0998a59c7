"""The service's connections to PostgreSQL: exchanges and transactions over a bounded pool."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from psycopg import OperationalError, errors
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from tenantry.database.exchange import Answer, Line
from tenantry.database.statement import Call
from tenantry.database.transaction import Tx

# A cancelled request sends no CancelRequest, so the server itself must end what takes too long.
SESSION_SETTINGS = {
    "timezone": "UTC",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
}


class DatabaseUnavailable(Exception):
    """PostgreSQL cannot be reached, or every connection is taken: try again shortly."""


class Database:
    """PostgreSQL as the service sees it; open it once a process, inside the event loop."""

    def __init__(self, conninfo: str, *, size: int = 8, patience: float = 0.8) -> None:
        """`size` connections at most; a caller waits `patience` seconds for one of them."""
        self._pool = AsyncConnectionPool[Line](
            conninfo,
            connection_class=Line,
            kwargs={"autocommit": True, "connect_timeout": 3},
            configure=_configure,
            min_size=min(2, size),
            max_size=size,
            timeout=patience,
            open=False,
            name="tenantry",
        )

    async def open(self) -> None:
        """Start connecting; does not wait, so that the service can answer 503 meanwhile."""
        await self._pool.open()

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close(timeout=5)

    async def exchange(self, calls: Sequence[Call]) -> list[Answer]:
        """Run the calls as one implicit transaction in one message: for reads.

        Repeated once where the connection turns out to be dead: a read may be.
        """
        try:
            async with self._line() as line:
                return await line.exchange(calls)
        except OperationalError as lost:
            await self._recover(lost)
        async with self._line() as line:
            return await line.exchange(calls)

    @asynccontextmanager
    async def transaction(self, *first: Call) -> AsyncGenerator[tuple[Tx, list[Answer]]]:
        """Open a transaction, `first` in its first message; commit at the end, undo on error."""
        async with AsyncExitStack() as stack:
            try:
                tx, answers = await self._begin(stack, first)
            except OperationalError as lost:
                # Nothing was done yet, so it may begin again on a live connection.
                await self._recover(lost)
                tx, answers = await self._begin(stack, first)
            try:
                yield tx, answers
                await tx.commit()
            except BaseException:
                await tx.rollback()
                raise

    async def _begin(self, stack: AsyncExitStack, first: Sequence[Call]) -> tuple[Tx, list[Answer]]:
        tx = Tx(await stack.enter_async_context(self._line()))
        return tx, await tx.begin(*first)

    async def _recover(self, lost: OperationalError) -> None:
        """Replace dead connections after a restart of PostgreSQL; its own refusals go on up."""
        if lost.sqlstate is not None and not isinstance(lost, errors.AdminShutdown):
            raise lost
        await self._pool.check()

    @asynccontextmanager
    async def _line(self) -> AsyncGenerator[Line]:
        try:
            line = await self._pool.getconn()
        except (PoolTimeout, PoolClosed) as away:
            raise DatabaseUnavailable from away
        try:
            yield line
        finally:
            if line.pgconn.transaction_status != TransactionStatus.IDLE:
                line.pgconn.finish()  # not clean: closed, never returned
            await self._pool.putconn(line)


async def _configure(line: Line) -> None:
    await line.settle()
    for name, value in SESSION_SETTINGS.items():
        await line.execute("select set_config(%s, %s, false)", [name, value])
