"""Heads of requests: measured while their bytes arrive, so that none costs more than its limit."""

from collections.abc import Generator
from dataclasses import replace
from typing import ClassVar

import pytest

from tenantry.app import Parts
from tenantry.cli.serving.bounded_http import BoundedHttpProtocol
from tenantry.cli.serving.heads import LARGEST_HEAD, MOST_HEADERS
from tenantry.http.observability.metrics import Metrics
from tests.cli.loopback_server import listening
from tests.support.api import wire

START = b"GET /healthz HTTP/1.1\r\n"
HEAD = START + b"Host: x\r\nConnection: close\r\n"
POST = b"POST /api/v1/auth/verify-email HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
TWO_MEGABYTES = 2_000_000


class Counting(BoundedHttpProtocol):
    """Counts what the parser hands out, which is what costs."""

    headers_read: ClassVar[int] = 0
    largest_head: ClassVar[int] = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        Counting.headers_read += 1
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        Counting.largest_head = max(Counting.largest_head, len(self.headers))
        super().on_headers_complete()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def url(parts: Parts, metrics: Metrics) -> Generator[str]:
    """A service that counts headers."""
    Counting.headers_read = Counting.largest_head = 0
    with listening(replace(parts, metrics=metrics), Counting) as (host, port):
        yield f"http://{host}:{port}"


def small(size: int) -> bytes:
    """So many bytes of the smallest headers that there are."""
    return b"a:b\r\n" * (size // 5)


def test_two_megabytes_of_small_headers_are_not_read(url: str) -> None:
    answer = wire.pushed(url, [HEAD + small(TWO_MEGABYTES) + b"\r\n"])

    assert (answer.status, answer.code) == (431, "headers_too_large")
    assert "connection: close" in answer.head
    assert answer.json["request_id"].startswith("req_")
    assert Counting.headers_read < 5_000
    assert Counting.largest_head == 0


@pytest.mark.parametrize("after", [b"X-Long: ", b"X-", b""], ids=["value", "name", "target"])
def test_one_endless_piece_of_a_head_is_not_kept(url: str, after: bytes) -> None:
    start = HEAD + after if after else b"GET /"
    answer = wire.pushed(url, [start, *([b"x" * 65_536] * 32)])

    assert (answer.status, answer.code) == (431, "headers_too_large")
    assert Counting.largest_head == 0


def test_a_head_up_to_the_limit_is_answered(url: str) -> None:
    most = small(5 * (MOST_HEADERS - 2))
    long = b"X: " + b"y" * (LARGEST_HEAD - len("/healthzhostxconnectionclosex"))

    for fits in (most, long + b"\r\n"):
        assert wire.sent(url, HEAD + fits + b"\r\n").status == 200
    for beyond in (most + b"a:b\r\n", long + b"y\r\n"):
        assert wire.sent(url, HEAD + beyond + b"\r\n").status == 431


def test_what_comes_behind_a_body_is_measured_too_and_is_no_header(url: str) -> None:
    chunks = POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"

    few = wire.sent(url, chunks + b"Content-Type: text/plain\r\n\r\n")
    many = wire.pushed(url, [chunks + small(TWO_MEGABYTES) + b"\r\n"])
    long = wire.pushed(url, [chunks + b"X: ", *([b"x" * 65_536] * 32)])

    assert (few.status, few.code) == (422, "validation_failed")
    assert {many.status, long.status} <= {431, 0}
    assert Counting.headers_read < 5_000


def test_requests_that_came_before_a_refused_head_are_answered(url: str) -> None:
    whole = START + b"Host: x\r\n\r\n"
    answer = wire.pushed(url, [whole + whole + HEAD + small(TWO_MEGABYTES) + b"\r\n"])

    assert answer.raw.startswith(b"HTTP/1.1 200 ")
    assert answer.raw.count(b"HTTP/1.1 200 ") == 2


@pytest.mark.parametrize(
    "lines",
    [b"", b"Host: a\r\nHost: a\r\n", b"Host: a\r\nHost: b\r\n", b"Host: a/b\r\n", b"Host: a b\r\n"],
    ids=["none", "the same twice", "two", "a path", "a blank"],
)
def test_a_request_names_one_host(url: str, lines: bytes) -> None:
    answer = wire.sent(url, START + lines + b"Connection: close\r\n\r\n")

    assert (answer.status, answer.code) == (400, "invalid_header")


@pytest.mark.parametrize("host", [b"", b"a.test", b"a.test:8000", b"[::1]:80", b"10.0.0.1"])
def test_hosts_are_taken_however_they_are_called(url: str, host: bytes) -> None:
    raw = START + b"Host: " + host + b"\r\nConnection: close\r\n\r\n"

    assert wire.sent(url, raw).status == 200


def test_http_1_0_knew_no_host(url: str) -> None:
    assert wire.sent(url, b"GET /healthz HTTP/1.0\r\n\r\n").status == 200


def test_what_is_refused_before_it_is_read_is_told_and_counted_like_all_else(
    url: str, metrics: Metrics
) -> None:
    wire.pushed(url, [HEAD + small(TWO_MEGABYTES) + b"\r\n"])
    malformed = wire.sent(url, b"GET / HTTP/1.1\r\nno colon\r\n\r\n")

    assert (malformed.status, malformed.code) == (400, "malformed_request")
    told = metrics.exposition().decode()
    for outcome, status in (("headers_too_large", 431), ("malformed_request", 400)):
        assert f'outcome="{outcome}",route="unmatched",status="{status}"' in told
