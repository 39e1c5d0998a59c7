"""HTTP as bytes: for requests that no client would send."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from tests.support.processes import CEILING


@dataclass(frozen=True)
class RawResponse:
    """What came back, up to the end of the connection."""

    raw: bytes

    @property
    def status(self) -> int:
        """The status; 0 where the connection was closed without a word."""
        return int(self.raw.split(b" ", 2)[1]) if self.raw else 0

    @property
    def head(self) -> str:
        """Status line and headers, in lower case."""
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").lower()

    @property
    def json(self) -> Any:
        """The body, where it is JSON."""
        return orjson.loads(self.raw.partition(b"\r\n\r\n")[2])

    @property
    def code(self) -> str:
        """The code of a problem; the plain words of a server that could not read the request."""
        if "problem+json" not in self.head:
            return self.raw.partition(b"\r\n\r\n")[2].decode()
        return self.json["code"]


def connected(url: str) -> socket.socket:
    """A connection to the server at an address."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 80), CEILING)


def sent(url: str, raw: bytes) -> RawResponse:
    """What is answered to these bytes, until the server closes or there is nothing more to come."""
    with connected(url) as connection:
        connection.sendall(raw)
        return received(connection)


def pushed(url: str, pieces: Iterable[bytes]) -> RawResponse:
    """What is answered to these pieces, whether or not the server takes them all."""
    with connected(url) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            for piece in pieces:
                connection.sendall(piece)
        return received(connection)


def received(connection: socket.socket) -> RawResponse:
    """All that comes until the server closes, or does not listen to the rest of the request."""
    chunks = list[bytes]()
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return RawResponse(b"".join(chunks))


def request(
    target: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """A request whose target goes out as it is written."""
    length = {"Content-Length": str(len(body))} if body else {}
    lines = {"Host": "tenantry.test", "Connection": "close", **length, **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body
