"""The service's connections to PostgreSQL: exchanges and transactions over a bounded pool."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from psycopg import OperationalError, errors

from tenantry.database.exchange import Answer, DatabaseUnavailable, Line
from tenantry.database.lines import Lines, Usage
from tenantry.database.statement import Call
from tenantry.database.transaction import Tx

__all__ = ["Database", "DatabaseUnavailable"]


class Database:
    """PostgreSQL as the service sees it; it connects when it is first needed."""

    def __init__(self, conninfo: str, *, size: int = 8, patience: float = 0.8) -> None:
        """`size` connections at most; a caller waits `patience` seconds for one of them."""
        self._lines = Lines(conninfo, size=size, patience=patience)

    @property
    def usage(self) -> Usage:
        """How far the connections are used at this moment."""
        return self._lines.usage

    async def close(self) -> None:
        """Close every connection."""
        await self._lines.close()

    async def exchange(self, calls: Sequence[Call]) -> list[Answer]:
        """Run the calls as one implicit transaction in one message: for reads.

        Repeated once where the connection turns out to be dead: a read may be.
        """
        try:
            return await self._exchange_once(calls)
        except OperationalError as lost:
            self._recover(lost)
        return await self._exchange_once(calls)

    async def _exchange_once(self, calls: Sequence[Call]) -> list[Answer]:
        line = await self._lines.take()
        try:
            return await line.exchange(calls)
        finally:
            self._lines.give(line)

    @asynccontextmanager
    async def transaction(self, *first: Call) -> AsyncGenerator[tuple[Tx, list[Answer]]]:
        """Open a transaction, `first` in its first message; commit at the end, undo on error."""
        async with AsyncExitStack() as stack:
            try:
                tx, answers = await self._begin(stack, first)
            except OperationalError as lost:
                # Nothing was done yet, so it may begin again on a live connection.
                self._recover(lost)
                tx, answers = await self._begin(stack, first)
            try:
                yield tx, answers
                await tx.commit()
            except BaseException:
                await tx.rollback()
                raise

    async def _begin(self, stack: AsyncExitStack, first: Sequence[Call]) -> tuple[Tx, list[Answer]]:
        async with AsyncExitStack() as unless_begun:
            tx = Tx(await unless_begun.enter_async_context(self._line()))
            answers = await tx.begin(*first)
            await stack.enter_async_context(unless_begun.pop_all())
        return tx, answers

    def _recover(self, lost: OperationalError) -> None:
        """Make room for new connections after a restart of PostgreSQL; its refusals go on up."""
        if lost.sqlstate is not None and not isinstance(lost, errors.AdminShutdown):
            raise lost
        self._lines.drop_idle()

    @asynccontextmanager
    async def _line(self) -> AsyncGenerator[Line]:
        line = await self._lines.take()
        try:
            yield line
        finally:
            self._lines.give(line)
