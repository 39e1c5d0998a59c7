"""Slow clients: head, body and answer have a deadline each, and trickling does not stop it."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import ClassVar

import pytest

from tenantry.app import Parts
from tenantry.cli.serving.bounded_http import BoundedHttpProtocol
from tenantry.cli.serving.write_coalescing import CoalescingTransport
from tenantry.http import request as requests
from tests.cli.loopback_server import listening
from tests.support.api import wire
from tests.support.processes import CEILING

SECONDS = 0.4
"""Instead of thirty."""


class Impatient(BoundedHttpProtocol):
    head_seconds = SECONDS
    lost: ClassVar = threading.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        Impatient.lost.set()


class Leaving(BoundedHttpProtocol):
    """Of a server that shuts down just when a connection was accepted."""

    first_request_seconds = CEILING

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.shutdown()


@pytest.fixture
def address(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[str, int]]:
    """Where an impatient service listens."""
    monkeypatch.setattr(requests, "RECEIPT_SECONDS", SECONDS)
    with listening(parts, Impatient, timeout_keep_alive=60) as found:
        yield found


def untaken(address: tuple[str, int], request: bytes) -> bytes:
    """What is left of an answer for somebody who did not read while there was time."""
    Impatient.lost.clear()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(address)
        deaf.sendall(request)
        assert Impatient.lost.wait(CEILING)
        return wire.received(deaf).raw


def trickle(address: tuple[str, int], first: bytes, drop: bytes) -> bytes:
    """What is answered, up to the hang-up, to somebody who sends a drop every now and then."""
    with socket.create_connection(address, timeout=CEILING) as slow:
        slow.settimeout(SECONDS / 8)
        slow.sendall(first)
        answered, deadline = b"", time.monotonic() + CEILING
        while time.monotonic() < deadline:
            try:
                received = slow.recv(4096)
                if not received:
                    return answered
                answered += received
            except TimeoutError:
                if drop:
                    slow.sendall(drop)
            except ConnectionResetError:
                return answered
    raise AssertionError("it was waited for without end")


def served(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], bytes]) -> bytes:
    """What is answered to a request that comes in time; a machine that is too slow for one deadline
    has the next one."""
    for seconds in (SECONDS, 3.0, 20.0):
        monkeypatch.setattr(Impatient, "head_seconds", seconds)
        if (answered := ask()).startswith(b"HTTP/1.1 200 "):
            return answered
    raise AssertionError("a request that came in time was not answered")


HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
LARGE = b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n"
BODY = b"POST /api/v1/auth/sign-up HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def test_headers_byte_by_byte_are_not_waited_for(address: tuple[str, int]) -> None:
    assert trickle(address, HEAD + b"X-Slow: ", b"x").startswith(b"HTTP/1.1 408 ")


def test_who_sends_nothing_or_nothing_that_could_be_meant_is_hung_up_on(
    address: tuple[str, int],
) -> None:
    assert trickle(address, b"", b"") == b""
    assert trickle(address, b"\r\n", b"\r\n") == b""


def test_the_second_request_of_a_connection_has_the_same_deadline(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = served(monkeypatch, lambda: trickle(address, HEAD + b"\r\n" + HEAD, b"X"))
    assert b"HTTP/1.1 408 " in answered


def test_a_body_byte_by_byte_has_one_deadline_for_the_whole(address: tuple[str, int]) -> None:
    answered = trickle(address, BODY + b"Content-Length: 10000\r\n\r\n{", b" ")
    assert answered.startswith(b"HTTP/1.1 408 ")
    assert b"request_timeout" in answered


def test_a_body_that_never_comes_ends_the_connection(address: tuple[str, int]) -> None:
    answered = trickle(address, BODY + b"Content-Length: 10000\r\n\r\n", b"")
    assert answered.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answered
    assert answered.count(b"HTTP/1.1 ") == 1


def test_a_body_that_no_one_waits_for_keeps_no_connection(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = HEAD + b"Content-Length: 100000\r\n\r\n"
    served(monkeypatch, lambda: trickle(address, body, b"x"))


@pytest.mark.parametrize("last", [b"", b"Connection: close\r\n"], ids=["kept", "closed"])
def test_an_answer_that_no_one_reads_is_not_kept(
    address: tuple[str, int], last: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CoalescingTransport, "write_seconds", SECONDS)
    answered = served(monkeypatch, lambda: untaken(address, LARGE + last + b"\r\n"))
    assert len(answered) < 500_000  # of three times as much


def test_who_asks_in_time_is_not_hung_up_on(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes in all. A machine that is too slow for one deadline has the next one;
    fails at each of them where the clock is not set again."""
    for seconds in (SECONDS, 3.0, 20.0):
        monkeypatch.setattr(Impatient, "head_seconds", seconds)
        if is_served(address, [seconds * 0.7] * 4):
            return
    raise AssertionError("who asked in time was hung up on")


def is_served(address: tuple[str, int], pauses: Sequence[float]) -> bool:
    """Whether each request of one connection is answered, with these pauses between them."""
    with socket.create_connection(address, timeout=CEILING) as calm, suppress(ConnectionError):
        for pause in pauses:
            calm.sendall(HEAD + b"\r\n")
            if not calm.recv(4096).startswith(b"HTTP/1.1 200 "):
                return False
            time.sleep(pause)
        return True
    return False


def test_a_connection_that_was_just_accepted_is_answered_before_the_server_ends(
    parts: Parts,
) -> None:
    with (
        listening(parts, Leaving, timeout_keep_alive=60) as found,
        socket.create_connection(found, timeout=CEILING) as late,
    ):
        late.sendall(HEAD + b"\r\n")
        answered = wire.received(late).raw
    assert answered.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in answered.lower()
