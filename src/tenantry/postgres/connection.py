"""A connection that sends several statements in one message, and reads their results together.

A thin layer over psycopg's documented `pq`: libpq's pipeline mode with a single Sync at the end.
Outside an explicit transaction, everything before the Sync is one implicit transaction, so a local
setting of the first statement ends when the results arrive (PostgreSQL 18, section 54.2.4
"Pipelining"). The reasons: docs/adr/0002-one-message-reads.md.
"""

import asyncio
import select
import sys
import time
from collections.abc import Sequence
from typing import Any, Generic, NamedTuple

import orjson
from psycopg import AsyncConnection, OperationalError, abc, errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.json import set_json_loads

from tenantry.postgres.failures import DatabaseUnavailable, StatementOutdated
from tenantry.postgres.rows import RowFactory, row_factory
from tenantry.postgres.statement import BINARY, BoundStatement, Encoded, R, Statement

Row = tuple[Any, ...]
Expected = tuple[Statement, bool | None]
"""A statement, and whether its rows are read; None for its preparation."""

# As numbers: looking up an enumeration's member takes longer than comparing it.
_WELL = (ExecStatus.TUPLES_OK.value, ExecStatus.COMMAND_OK.value)
_SYNC = ExecStatus.PIPELINE_SYNC.value
_BAD = ConnStatus.BAD.value

# The connection is outdated: a prepared statement no longer matches the schema, or the pooler's
# server does not have it, or the server has become a standby.
_STALE = (
    errors.FeatureNotSupported,
    errors.InvalidSqlStatementName,
    errors.ReadOnlySqlTransaction,
)


if sys.platform == "win32":

    def _is_unread(descriptor: int) -> bool:
        """Whether a socket has data to read, or was closed."""
        return bool(select.select([descriptor], [], [], 0)[0])

else:

    def _is_unread(descriptor: int) -> bool:
        """The same, for descriptors of any size."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))


class Result(NamedTuple, Generic[R]):
    rows: list[R]
    tag: str
    """The command tag, such as `INSERT 0 1` or `COMMIT`."""


class Connection(AsyncConnection[Row]):
    """A connection to PostgreSQL.

    If a message was interrupted (cancelled, timed out, lost), the connection is closed and never
    returns to the pool, because its server may still be working.
    """

    _loop: asyncio.AbstractEventLoop
    _decoders: dict[Statement, tuple[abc.Transformer, RowFactory]]
    """The row factory of each prepared statement, whose columns never change their types."""
    _prepared_here: set[bytes]
    _descriptor: int
    """The socket's descriptor; libpq forgets it when the server disconnects."""
    _awaited: asyncio.Future[None] | None = None
    _has_read: bool
    """Whether the event loop has reported anything since this message was sent.

    It may report a reset connection only once (libuv, `uv_poll_cb` with UV_EBADF). So everything is
    read before waiting again.
    """
    usable: bool = False
    """Whether it may be used again."""
    server: str = ""
    """A connection string with one address."""
    born: float = 0.0
    acquired_at: float = 0.0
    """By the monotonic clock, like the next one."""
    prelude: tuple[BoundStatement, ...] = ()
    """The timeouts that each transaction must set itself, behind a pooler."""
    asked_at: float = 0.0
    """When the pending message was sent, by the monotonic clock; 0 if none is pending."""

    def prepare(self) -> None:
        """Set up a new connection; after that, only the methods below may be used."""
        set_json_loads(orjson.loads, self)
        self._decoders, self._prepared_here = {}, set()
        self._loop = asyncio.get_running_loop()
        # Registered once, not per message; so an idle connection also notices a disconnect.
        self._descriptor = self.pgconn.socket
        self._loop.add_reader(self._descriptor, self._readable)
        self.usable = True

    @property
    def idle(self) -> bool:
        """Whether no transaction is open and no message is pending."""
        return self.usable and self.pgconn.transaction_status == TransactionStatus.IDLE

    def abandon(self) -> None:
        """Close the connection, whatever its server is doing."""
        if self.usable:
            self.usable = False
            self._loop.remove_reader(self._descriptor)
            # Only after the event loop has released the descriptor: the next connection may get
            # the same number.
            self._loop.call_soon(self._let_go)

    def _let_go(self) -> None:
        self.pgconn.finish()

    async def read(self, statements: Sequence[BoundStatement]) -> list[Result]:
        """The same outside a transaction, with the timeouts that it needs."""
        return await self.execute_pipeline([*self.prelude, *statements], unread=len(self.prelude))

    async def execute_pipeline(
        self, statements: Sequence[BoundStatement], *, unread: int = 0
    ) -> list[Result]:
        """Send all statements in one message; returns their results, in order.

        The first `unread` results are dropped. If PostgreSQL refuses a statement, its
        `psycopg.Error` is raised: later statements were not run, and outside an explicit
        transaction the earlier ones are rolled back.
        """
        encoded = [statement.encoded() for statement in statements]
        if not self.usable:  # lost since it was acquired: no result would arrive
            raise OperationalError("the connection to PostgreSQL was lost")
        self._has_read = False
        try:
            asked = self._send(statements, encoded, unread)
            self.asked_at = time.monotonic()
            results = await self._receive()
            self.pgconn.exit_pipeline_mode()
        except BaseException:
            self.abandon()
            raise
        finally:
            self.asked_at = 0.0
        return self._results_of(asked, results)

    def give_up(self) -> None:
        """Fail the current caller and all later ones."""
        if self._awaited is None:
            self.abandon()
        elif not self._awaited.done():
            self._awaited.set_exception(DatabaseUnavailable("PostgreSQL does not answer"))

    def _send(
        self, statements: Sequence[BoundStatement], encoded: Sequence[Encoded], unread: int
    ) -> list[Expected]:
        """Put everything into libpq's buffer; returns the results to expect."""
        pgconn = self.pgconn
        asked: list[Expected] = []
        preparing: set[bytes] = set()
        pgconn.enter_pipeline_mode()
        for place, (call, (values, formats)) in enumerate(zip(statements, encoded, strict=True)):
            statement = call.statement
            name = statement.name
            if name not in self._prepared_here and name not in preparing:
                pgconn.send_prepare(name, statement.text)
                preparing.add(name)
                asked.append((statement, None))
            pgconn.send_query_prepared(name, values, formats, result_format=BINARY)
            asked.append((statement, place >= unread))
        pgconn.pipeline_sync()
        return asked

    async def _receive(self) -> list[PGresult]:
        pgconn = self.pgconn
        results: list[PGresult] = []
        while pgconn.flush():
            await self._answer_or_room()
        while True:
            while pgconn.is_busy():
                await self._answer()
            result = pgconn.get_result()
            if result is None:  # the end of one statement's results
                if pgconn.status == _BAD:
                    raise OperationalError("the connection to PostgreSQL was lost")
                continue
            if result.status == _SYNC:
                return results
            results.append(result)

    async def _answer(self) -> None:
        """Read what the server has sent; if there is nothing, wait for more."""
        if not self._has_read or not _is_unread(self._descriptor):
            self._awaited = self._loop.create_future()
            try:
                await self._awaited
            finally:
                self._awaited = None
        self._has_read = True
        self.pgconn.consume_input()

    async def _answer_or_room(self) -> None:
        """Wait until the server has sent something, or accepts more data."""
        self._loop.add_writer(self._descriptor, self._wake)
        try:
            await self._answer()
        finally:
            self._loop.remove_writer(self._descriptor)

    def _readable(self) -> None:
        if self._awaited is not None:
            self._wake()
            return
        # No caller is waiting, so this is a notice, or the end of the connection.
        try:
            self._drain()
        except OperationalError:
            self.abandon()

    def _drain(self) -> None:
        self.pgconn.consume_input()
        while _is_unread(self._descriptor):
            self.pgconn.consume_input()

    def _wake(self) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(None)

    def _results_of(self, asked: list[Expected], results: list[PGresult]) -> list[Result]:
        answers: list[Result] = []
        for (statement, is_read), result in zip(asked, results, strict=False):
            if result.status not in _WELL:
                refused = errors.error_from_result(result)
                if isinstance(refused, _STALE):
                    self.abandon()
                    raise StatementOutdated(str(refused)) from refused
                raise refused
            if is_read:
                answers.append(self._decoded(statement, result))
            elif is_read is None:
                self._prepared_here.add(statement.name)
        if len(results) > len(asked):  # refused at the Sync itself: a deferred constraint
            raise errors.error_from_result(results[-1])
        return answers

    def _decoded(self, statement: Statement, result: PGresult) -> Result:
        tag = (result.command_status or b"").decode()
        count = result.ntuples
        if not count:
            return Result([], tag)
        known = self._decoders.get(statement)
        if known is None:
            decoder = Transformer(self)
            decoder.set_pgresult(result, set_loaders=True, format=Format.BINARY)
            factory = row_factory(statement.row_type, _columns(result))
            self._decoders[statement] = decoder, factory
        else:
            decoder, factory = known
            decoder.set_pgresult(result, set_loaders=False)
        return Result(decoder.load_rows(0, count, factory), tag)


def _columns(result: PGresult) -> tuple[str, ...]:
    return tuple((result.fname(place) or b"").decode() for place in range(result.nfields))
