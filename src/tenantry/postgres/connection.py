"""One exchange: several statements to PostgreSQL and their answers, one message each way.

A thin path over psycopg's documented `pq`: libpq's pipeline mode with a single Sync at the end.
Outside an explicit transaction everything before the Sync is one implicit transaction, so a setting
that is made locally by the first statement is gone when the answers are here (PostgreSQL 18,
section 54.2.4 "Pipelining"). Why so: docs/adr/0002-one-message-reads.md.
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
"""A statement, and whether its rows are read; None where it is prepared."""

# As numbers: to look a member up in its enumeration takes longer than to compare it.
_WELL = (ExecStatus.TUPLES_OK.value, ExecStatus.COMMAND_OK.value)
_SYNC = ExecStatus.PIPELINE_SYNC.value
_BAD = ConnStatus.BAD.value

# A prepared statement that no longer fits the schema, or that a pooler's server does not have; a
# server that is a standby by now: the connection rests on what is not so any more.
_STALE = (
    errors.FeatureNotSupported,
    errors.InvalidSqlStatementName,
    errors.ReadOnlySqlTransaction,
)


if sys.platform == "win32":

    def _is_unread(descriptor: int) -> bool:
        """Whether a socket has something to read, or an end to tell of."""
        return bool(select.select([descriptor], [], [], 0)[0])

else:

    def _is_unread(descriptor: int) -> bool:
        """Whether a socket has something to read, or an end to tell of, whatever its number."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))


class Result(NamedTuple, Generic[R]):
    """What one statement returned."""

    rows: list[R]
    tag: str
    """The command tag, such as `INSERT 0 1` or `COMMIT`."""


class Connection(AsyncConnection[Row]):
    """A connection to PostgreSQL that speaks in exchanges.

    A line on which an exchange was cut off (cancelled, timed out, lost) is closed: nobody can tell
    what its server still does, so it never goes back to the pool.
    """

    _loop: asyncio.AbstractEventLoop
    _decoders: dict[bytes, tuple[abc.Transformer, RowFactory]]
    """One for each statement that is prepared here: its columns never change their types."""
    _prepared_here: set[bytes]
    _descriptor: int
    """The socket's number, kept: libpq forgets it where it finds the server gone."""
    _awaited: asyncio.Future[None] | None = None
    _heard: bool
    """Whether the loop has told of anything since this exchange began.

    It may tell of a connection that is reset once, and then of nothing more of it (libuv,
    `uv_poll_cb` with UV_EBADF). So what it told of is read whole before it is waited for again.
    """
    usable: bool = False
    """Whether it may be used for another exchange."""
    server: str = ""
    """Where it leads: a connection string with one address."""
    born: float = 0.0
    lent_at: float = 0.0
    """By the monotonic clock, as the next."""
    prelude: tuple[BoundStatement, ...] = ()
    """The timeouts that each transaction must set itself: behind a pooler."""
    asked_at: float = 0.0
    """When the exchange that is under way was sent, by the monotonic clock; 0 where none is."""

    def prepare(self) -> None:
        """Make a fresh connection ours; from here on it speaks in exchanges alone."""
        set_json_loads(orjson.loads, self)
        self._decoders, self._prepared_here = {}, set()
        self._loop = asyncio.get_running_loop()
        # Registered once, not for each answer; so an idle line also sees when its server goes.
        self._descriptor = self.pgconn.socket
        self._loop.add_reader(self._descriptor, self._spoken_to)
        self.usable = True

    @property
    def idle(self) -> bool:
        """Whether no transaction is open and nothing is under way."""
        return self.usable and self.pgconn.transaction_status == TransactionStatus.IDLE

    def abandon(self) -> None:
        """Close the connection, whatever its server is doing."""
        if self.usable:
            self.usable = False
            self._loop.remove_reader(self._descriptor)
            # Not before the event loop has let go of the descriptor: the next connection may get
            # the same number.
            self._loop.call_soon(self._let_go)

    def _let_go(self) -> None:
        self.pgconn.finish()

    async def read(self, statements: Sequence[BoundStatement]) -> list[Result]:
        """The same outside a transaction, with what protects it."""
        return await self.execute_pipeline([*self.prelude, *statements], unread=len(self.prelude))

    async def execute_pipeline(
        self, statements: Sequence[BoundStatement], *, unread: int = 0
    ) -> list[Result]:
        """Send all calls in one message and return their answers, in order.

        Of the first `unread` nothing is returned. The first call that PostgreSQL refuses raises its
        `psycopg.Error`; those after it were not run, and outside an explicit transaction those
        before it are rolled back.
        """
        encoded = [statement.encoded() for statement in statements]
        if not self.usable:  # found dead since it was lent: no answer would arrive
            raise OperationalError("the connection to PostgreSQL was lost")
        self._heard = False
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
        return self._answers(asked, results)

    def give_up(self) -> None:
        """Fail the callers that wait for an answer here, and the next ones."""
        if self._awaited is None:
            self.abandon()
        elif not self._awaited.done():
            self._awaited.set_exception(DatabaseUnavailable("PostgreSQL does not answer"))

    def _send(
        self, statements: Sequence[BoundStatement], encoded: Sequence[Encoded], unread: int
    ) -> list[Expected]:
        """Queue everything in libpq's buffer; what results are to come."""
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
        """Read what the server says; wait until it speaks, where nothing is left to read."""
        if not self._heard or not _is_unread(self._descriptor):
            self._awaited = self._loop.create_future()
            try:
                await self._awaited
            finally:
                self._awaited = None
        self._heard = True
        self.pgconn.consume_input()

    async def _answer_or_room(self) -> None:
        """Wait until the server has spoken, or takes more of what is sent."""
        self._loop.add_writer(self._descriptor, self._wake)
        try:
            await self._answer()
        finally:
            self._loop.remove_writer(self._descriptor)

    def _spoken_to(self) -> None:
        if self._awaited is not None:
            self._wake()
            return
        # No call is waiting, so this is a notice, or the end.
        try:
            self._read_up()
        except OperationalError:
            self.abandon()

    def _read_up(self) -> None:
        self.pgconn.consume_input()
        while _is_unread(self._descriptor):
            self.pgconn.consume_input()

    def _wake(self) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(None)

    def _answers(self, asked: list[Expected], results: list[PGresult]) -> list[Result]:
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
        known = self._decoders.get(statement.name)
        if known is None:
            decoder = Transformer(self)
            decoder.set_pgresult(result, set_loaders=True, format=Format.BINARY)
            factory = row_factory(statement.row_type, _columns(result))
            self._decoders[statement.name] = decoder, factory
        else:
            decoder, factory = known
            decoder.set_pgresult(result, set_loaders=False)
        return Result(decoder.load_rows(0, count, factory), tag)


def _columns(result: PGresult) -> tuple[str, ...]:
    return tuple((result.fname(place) or b"").decode() for place in range(result.nfields))
