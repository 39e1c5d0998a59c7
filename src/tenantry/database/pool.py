"""The service's connections to PostgreSQL: exchanges and transactions over a bounded pool."""

from collections.abc import Callable, Sequence
from types import TracebackType

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

    def transaction(self, *first: Call) -> "OpenTransaction":
        """Open a transaction, `first` in its first message; commit at the end, undo on error."""
        return OpenTransaction(self._lines, first, self._recover)

    def _recover(self, lost: OperationalError) -> None:
        """Make room for new connections after a restart of PostgreSQL; its refusals go on up."""
        if lost.sqlstate is not None and not isinstance(lost, errors.AdminShutdown):
            raise lost
        self._lines.drop_idle()


class OpenTransaction:
    """A transaction while its block runs. By hand: two of contextlib's stacks cost more."""

    def __init__(
        self, lines: Lines, first: Sequence[Call], recover: Callable[[OperationalError], None]
    ) -> None:
        self._lines = lines
        self._first = first
        self._recover = recover
        self._line: Line
        self._tx: Tx

    async def __aenter__(self) -> tuple[Tx, list[Answer]]:
        try:
            return await self._begin()
        except OperationalError as lost:
            # Nothing was done yet, so it may begin again on a live connection.
            self._recover(lost)
        return await self._begin()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._commit()
            else:
                await self._tx.rollback()
        finally:
            self._lines.give(self._line)

    async def _begin(self) -> tuple[Tx, list[Answer]]:
        self._line = await self._lines.take()
        try:
            self._tx = Tx(self._line)
            return self._tx, await self._tx.begin(*self._first)
        except BaseException:
            self._lines.give(self._line)
            raise

    async def _commit(self) -> None:
        try:
            await self._tx.commit()
        except BaseException:
            await self._tx.rollback()
            raise
