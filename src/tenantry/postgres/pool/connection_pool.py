"""The connection pool of one process; a connection is acquired for one message or transaction.

A frozen PostgreSQL keeps its connections open and never answers. So when an answer is late, a
separate connection sends a probe (`liveness.py`). If that fails too, all waiting callers get an
error, and their connections are closed.

When callers wait for each other, psycopg's own pool uses more CPU per call than the call itself:
measured in docs/adr/0002-one-message-reads.md.
"""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from psycopg import OperationalError

from tenantry.postgres.connection import Connection, Result
from tenantry.postgres.failures import DatabaseOverloaded, DatabaseUnavailable
from tenantry.postgres.pool.liveness import LivenessProbe
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.pool.queue import Queue
from tenantry.postgres.pool.servers import Servers
from tenantry.postgres.statement import BoundStatement, Statement

# The server process of a connection grows with its caches, so connections are replaced regularly.
_LIFETIME_SECONDS = 1800.0

_LONGEST_CONNECT_SECONDS = 3600

# A pooler reports its own number as the server's process id, because it shares the process.
_SET = Statement(
    """
    select set_config(name, value, false)
      from unnest($1::text[], $2::text[]) as setting (name, value) where pg_backend_pid() = $3
""",
    str,
)
_SET_LOCALLY = Statement(
    """
    select set_config(name, value, true)
      from unnest($1::text[], $2::text[]) as setting (name, value)
""",
    str,
)


class PoolUsage(NamedTuple):
    size: int
    in_use: int
    waiting: int


class ConnectionPool:
    """A bounded pool. A connection that is not idle when it is released is closed."""

    def __init__(
        self,
        conninfo: str,
        options: PoolOptions,
        on_wait: Callable[[float], None] | None = None,
    ) -> None:
        """`on_wait` gets the seconds of each caller who had to wait for a connection."""
        self._options = options
        self._on_wait = on_wait
        self._servers = Servers(conninfo)
        self._idle: list[Connection] = []
        self._in_use: set[Connection] = set()
        self._opening = 0
        self._closed = False
        self._outdated_at = 0.0
        self._probe = LivenessProbe(self._connected_to, self._latest, self._give_up)
        self.queue = Queue(options, lambda: self._probe.is_asking)

    async def acquire(self) -> Connection:
        """An idle connection without session state.

        DatabaseUnavailable if none can be opened, or PostgreSQL does not answer;
        DatabaseOverloaded if it does, but no connection becomes free in time.
        """
        connection = None if self._closed else self._idle_connection()
        if connection is not None:
            return connection
        since = time.monotonic()
        try:
            return await self._awaited(since)
        finally:
            if self._on_wait is not None:
                self._on_wait(time.monotonic() - since)

    async def _awaited(self, since: float) -> Connection:
        while not self._closed:
            connection = self._idle_connection()
            if connection is not None:
                return connection
            if not self._is_full:
                return await self._open(since)
            connection = await self._given()
            if connection is not None:
                return connection
        raise DatabaseUnavailable("this process is stopping")

    def release(self, connection: Connection) -> None:
        """Return a connection, for the next caller or as an idle one; or close it."""
        self._in_use.remove(connection)
        now = time.monotonic()
        if connection.usable:  # a lost one says nothing about the others
            self.queue.note_use(now - connection.acquired_at)
        if not connection.idle or self._closed or not self._may_be_kept(connection, now):
            connection.abandon()
            self.queue.serve(None)
        elif self.queue.serve(connection):
            self._lend(connection)
        else:
            self._idle.append(connection)

    async def ask_aside(self, statements: Sequence[BoundStatement]) -> list[Result] | None:
        """Read with the probe's connection if every connection is in use; None if one is free.

        DatabaseUnavailable if PostgreSQL does not answer.
        """
        latest = self._latest()
        if self._idle or latest is None or not self._is_full:
            return None
        try:
            return await self._probe.ask(latest.server, statements)
        except TimeoutError as silent:
            raise DatabaseUnavailable("PostgreSQL does not answer") from silent

    @property
    def usage(self) -> PoolUsage:
        return PoolUsage(self._options.size, len(self._in_use), self.queue.length)

    def drop_idle(self) -> None:
        """Close the idle connections, which a restart of PostgreSQL has ended."""
        while self._idle:
            self._idle.pop().abandon()

    def outdate(self) -> None:
        """Replace all connections, because their prepared statements are outdated."""
        self._outdated_at = time.monotonic()
        self.drop_idle()

    async def close(self) -> None:
        """Close everything; waiting callers get DatabaseUnavailable."""
        self._closed = True
        self.queue.stop()
        await self._probe.stop()
        self.drop_idle()
        for connection in list(self._in_use):
            connection.abandon()
        while self.queue.serve(None):
            continue
        await asyncio.sleep(0)  # abandoned connections are finished one turn of the loop later

    @property
    def _is_full(self) -> bool:
        return len(self._in_use) + self._opening >= self._options.size

    def _latest(self) -> Connection | None:
        """The connection that has waited longest for an answer; None if none is in use."""
        return min(
            self._in_use, key=lambda connection: connection.asked_at or math.inf, default=None
        )

    def _give_up(self, server: str, asked_before: float) -> None:
        """A server does not respond: fail the calls that have waited for it since before then."""
        self._servers.note_silent(server)
        self.drop_idle()
        for connection in self._in_use:
            if connection.server == server and connection.asked_at < asked_before:
                connection.give_up()
        self.queue.fail_all(lambda: DatabaseUnavailable("PostgreSQL does not answer"))

    def _may_be_kept(self, connection: Connection, now: float) -> bool:
        return now - connection.born <= _LIFETIME_SECONDS and connection.born > self._outdated_at

    def _idle_connection(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.idle:
                self._lend(connection)
                return connection
            connection.abandon()
        return None

    def _lend(self, connection: Connection) -> None:
        connection.acquired_at = time.monotonic()
        self._in_use.add(connection)
        self._probe.watch()

    async def _open(self, since: float) -> Connection:
        # A caller that has already waited for other callers waits less for a silent server.
        patience = self.queue.patience
        left = max(self.queue.last_return, since) + patience - time.monotonic()
        self._opening += 1
        try:
            connection = await self._connected(max(left, patience / 4))
        except BaseException:
            self.queue.serve(None)  # the next caller may open one, also if this caller gave up
            raise
        finally:
            self._opening -= 1
        self._lend(connection)
        return connection

    async def _connected(self, patience: float) -> Connection:
        """A connection to the first server that accepts one within so many seconds."""
        failure: Exception | None = None
        begun, held_up = time.monotonic(), 0.0
        try:
            async with asyncio.timeout(patience):
                servers = await self._servers.in_order()
        except (OperationalError, TimeoutError) as unresolved:
            raise DatabaseUnavailable("its host cannot be resolved") from unresolved
        for server in servers:
            begun = time.monotonic()
            try:
                async with asyncio.timeout(patience):
                    return await self._connected_to(server)
            except TimeoutError as silent:
                failure, held_up = silent, time.monotonic() - begun - patience
                if held_up < patience / 2:
                    self._servers.note_silent(server)
            except (OperationalError, OSError) as refused:
                failure, held_up = refused, 0.0
        if held_up >= patience / 2:
            raise DatabaseOverloaded("this process was held up while it connected") from failure
        raise DatabaseUnavailable("no server accepts a connection") from failure

    async def _connected_to(self, server: str) -> Connection:
        # The caller sets the timeout.
        connection = await Connection.connect(
            server, autocommit=True, connect_timeout=_LONGEST_CONNECT_SECONDS
        )
        connection.prepare()
        connection.server, connection.born = server, time.monotonic()
        settings = self._options.settings
        named = list(settings), list(settings.values())
        try:
            # By our own method: psycopg's `execute` waits for the server even when cancelled.
            (result,) = await connection.execute_pipeline(
                [_SET(*named, connection.pgconn.backend_pid)]
            )
        except BaseException:
            connection.abandon()
            raise
        if not result.rows:
            connection.prelude = (_SET_LOCALLY(*named),)
        return connection

    async def _given(self) -> Connection | None:
        """A connection that is returned; None if one may be opened instead."""
        turn = self.queue.join()
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.exception() is None:
                self._hand_on(turn.result())
            raise

    def _hand_on(self, connection: Connection | None) -> None:
        """Give it to the next caller, because this one has given up."""
        if connection is None:
            self.queue.serve(None)
        else:
            self.release(connection)
