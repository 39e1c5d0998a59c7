"""One exchange: several statements to PostgreSQL and their answers, one message each way.

A thin path over psycopg's documented `pq`: libpq's pipeline mode with a single Sync at the end.
Outside an explicit transaction everything before the Sync is one implicit transaction, so a tenant
that is set locally by the first statement is gone when the answers are here (PostgreSQL 18,
section 54.2.4 "Pipelining"). Why so: docs/adr/0002-one-message-reads.md.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from psycopg import AsyncConnection, OperationalError, abc, errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg.types.json import set_json_loads

from tenantry.database.statement import BINARY, Call

Row = tuple[Any, ...]


class Answer(NamedTuple):
    """What one statement returned."""

    rows: list[Row]
    tag: str
    """The command tag, such as `INSERT 0 1` or `COMMIT`."""


class Line(AsyncConnection[Row]):
    """A connection to PostgreSQL that speaks in exchanges.

    A line on which an exchange was cut off (cancelled, timed out, lost) is closed at once: nobody
    can tell what its server still does, so it never goes back to the pool.
    """

    _known_statements: set[bytes]
    _decoder: abc.Transformer

    async def settle(self) -> None:
        """Make a fresh connection ours: decoders once, nothing prepared yet."""
        set_json_loads(orjson.loads, self)
        self._known_statements = set()
        self._decoder = Transformer(self)

    async def exchange(self, calls: Sequence[Call]) -> list[Answer]:
        """Send all calls in one message and return their answers, in order.

        The first call that PostgreSQL refuses raises its `psycopg.Error`; those after it were not
        run, and outside an explicit transaction those before it are rolled back.
        """
        encoded = [call.encoded() for call in calls]
        try:
            preparing = self._send(calls, encoded)
            results = await self._receive()
            self.pgconn.exit_pipeline_mode()
        except BaseException:
            self.pgconn.finish()
            raise
        return self._answers(preparing, results)

    def _send(
        self, calls: Sequence[Call], encoded: Sequence[Sequence[bytes | None]]
    ) -> list[bytes]:
        """Queue everything in libpq's buffer; return, in sending order, what each result is for."""
        pgconn, purposes = self.pgconn, list[bytes]()
        pgconn.enter_pipeline_mode()
        for call, parameters in zip(calls, encoded, strict=True):
            statement = call.statement
            if statement.name not in self._known_statements and statement.name not in purposes:
                pgconn.send_prepare(statement.name, statement.text)
                purposes.append(statement.name)
            pgconn.send_query_prepared(statement.name, parameters, result_format=BINARY)
            purposes.append(b"")
        pgconn.pipeline_sync()
        return purposes

    async def _receive(self) -> list[PGresult]:
        pgconn, results = self.pgconn, list[PGresult]()
        while pgconn.flush():
            await self._ready(writing=True)
        while True:
            while pgconn.is_busy():
                await self._ready()
            result = pgconn.get_result()
            if result is None:  # the end of one statement's results
                if pgconn.status == ConnStatus.BAD:
                    raise OperationalError("the connection to PostgreSQL was lost")
                continue
            if result.status == ExecStatus.PIPELINE_SYNC:
                return results
            results.append(result)

    async def _ready(self, *, writing: bool = False) -> None:
        """Wait until the server has spoken (or, while sending, until it takes more)."""
        loop = asyncio.get_running_loop()
        awoken: asyncio.Future[None] = loop.create_future()
        socket = self.pgconn.socket
        loop.add_reader(socket, _wake, awoken)
        if writing:
            loop.add_writer(socket, _wake, awoken)
        try:
            await awoken
        finally:
            loop.remove_reader(socket)
            if writing:
                loop.remove_writer(socket)
        self.pgconn.consume_input()

    def _answers(self, purposes: list[bytes], results: list[PGresult]) -> list[Answer]:
        answers = list[Answer]()
        for prepared, result in zip(purposes, results, strict=False):
            if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
                raise errors.error_from_result(result)
            if prepared:
                self._known_statements.add(prepared)
            else:
                answers.append(self._decoded(result))
        return answers

    def _decoded(self, result: PGresult) -> Answer:
        tag = (result.command_status or b"").decode()
        count = result.ntuples
        if not count:
            return Answer([], tag)
        self._decoder.set_pgresult(result, set_loaders=True, format=Format.BINARY)
        return Answer(self._decoder.load_rows(0, count, tuple), tag)


def _wake(awoken: asyncio.Future[None]) -> None:
    if not awoken.done():
        awoken.set_result(None)
