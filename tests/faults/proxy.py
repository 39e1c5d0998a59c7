"""A proxy of ours between the service and PostgreSQL, which cuts and delays as it is told.

It reads the messages of both sides (PostgreSQL 18, section 54.7), so it can cut a connection
exactly at a COMMIT: before that reaches the server, or after it was carried out and before its
answer.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import Enum
from pathlib import Path

from tenantry.postgres.transaction import COMMIT


class Moment(Enum):
    """When a COMMIT is cut off."""

    BEFORE = "before it reaches the server"
    AFTER = "after the server has committed, before its answer"


def _error(**fields: str) -> bytes:
    """An ErrorResponse; a field's name is its one email."""
    told = b"".join(f"{name}{value}".encode() + b"\0" for name, value in fields.items()) + b"\0"
    return b"E" + (len(told) + 4).to_bytes(4) + told


_ENDED = _error(S="FATAL", V="FATAL", C="57P01", M="terminating connection")

Plan = Callable[[], Moment | None]
"""Asked at every COMMIT: whether that one is cut, and when."""


class Proxy:
    """Listens on a port of loopback, and passes on to the socket of a PostgreSQL."""

    def __init__(self, server: Callable[[], Path]) -> None:
        """`server` says where the socket is now: a restarted server may have moved it."""
        self.delay = 0.0
        """Seconds by which each answer of the server is late."""
        self.plan: Plan = lambda: None
        self.poses_as_pooler = False
        """Whether clients are shown another number for the server's process than its own."""
        self.cuts = 0
        """How many connections were cut at a COMMIT."""
        self._server = server
        self._open = set[_Connection]()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        listening = asyncio.start_server(self._meet, "127.0.0.1", 0)
        self._listener = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port: int = self._listener.sockets[0].getsockname()[1]

    def dsn(self, user: str, database: str) -> str:
        """How to connect through here."""
        parts = {"host": "127.0.0.1", "port": self.port, "user": user, "dbname": database}
        unwrapped = {"sslmode": "disable", "gssencmode": "disable"}
        return " ".join(f"{name}={value}" for name, value in {**parts, **unwrapped}.items())

    def cut_all(self) -> int:
        """Cut every connection that there is; how many."""

        async def cut() -> int:
            cut = list(self._open)
            for connection in cut:
                connection.cut()
            return len(cut)

        return asyncio.run_coroutine_threadsafe(cut(), self._loop).result()

    def last_words(self) -> None:
        """Tell every client that the server ends it, and reset the connection in the same moment.

        So it comes where a server goes while its client still sends.
        """

        async def end() -> None:
            for connection in list(self._open):
                connection.reset_after(_ENDED)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()

    def stop(self) -> None:
        """Cut everything, and be gone."""

        async def end() -> None:
            self._listener.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.sleep(0)  # what was aborted is closed one turn of the loop later

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answers, requests = await asyncio.open_unix_connection(self._server())
        except OSError:
            writer.transport.abort()
            return
        connection = _Connection(self, (reader, writer), (answers, requests))
        self._open.add(connection)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await connection.run()
        finally:
            self._open.discard(connection)
            connection.cut()


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Connection:
    def __init__(self, proxy: Proxy, client: Ends, server: Ends) -> None:
        self._proxy = proxy
        self._from_client, self._to_client = client
        self._from_server, self._to_server = server
        self._doomed = False

    def cut(self) -> None:
        for end in (self._to_client, self._to_server):
            end.transport.abort()

    def reset_after(self, words: bytes) -> None:
        self._to_client.write(words)
        self._to_client.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.cut()

    async def run(self) -> None:
        """Pass on in both directions, until one side is gone."""
        ways = [asyncio.create_task(self._ask()), asyncio.create_task(self._answer())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _ask(self) -> None:
        frames = _Frames(kindless_first=True)
        while received := await self._from_client.read(65536):
            for frame in frames.of(received):
                moment = self._proxy.plan() if _is_commit(frame) else None
                if moment is Moment.BEFORE:
                    self._proxy.cuts += 1
                    return
                self._doomed = self._doomed or moment is Moment.AFTER
                self._to_server.write(frame)
            await self._to_server.drain()

    async def _answer(self) -> None:
        frames = _Frames(kindless_first=False)
        while received := await self._from_server.read(65536):
            if self._proxy.delay:
                await asyncio.sleep(self._proxy.delay)
            for frame in frames.of(received):
                if self._proxy.poses_as_pooler and frame[:1] == b"K":
                    frame = frame[:5] + b"\x7f" + frame[6:]
                if self._doomed and frame[:1] == b"C" and frame[5:] == b"COMMIT\0":
                    self._proxy.cuts += 1
                    return
                self._to_client.write(frame)
            await self._to_client.drain()


class _Frames:
    """Bytes as messages: a kind, a length that counts itself, and the rest."""

    def __init__(self, *, kindless_first: bool) -> None:
        self._kind = 0 if kindless_first else 1
        self._rest = b""

    def of(self, received: bytes) -> Iterator[bytes]:
        self._rest += received
        while len(self._rest) >= self._kind + 4:
            size = self._kind + int.from_bytes(self._rest[self._kind : self._kind + 4])
            if len(self._rest) < size:
                return
            frame, self._rest = self._rest[:size], self._rest[size:]
            self._kind = 1
            yield frame


def _is_commit(frame: bytes) -> bool:
    """Whether this binds the statement by which the service commits."""
    return frame[:1] == b"B" and frame[5:].split(b"\0", 2)[1] == COMMIT.name
