"""Requests that no client would send, on a real socket: each is answered, and writes nothing."""

from collections.abc import Iterable, Iterator

import pytest

from tenantry.http.request import DOCUMENT_BODY
from tests.contracts.stage import Stage
from tests.support.api import wire
from tests.support.api.signed_in import TOKEN
from tests.support.cast import PASSWORD
from tests.support.database.contents import contents

JSON = {"Content-Type": "application/json"}
_PIECE = b"x" * 65536
_TEN_MEGABYTES = 160


@pytest.fixture
def bearer(live_url: str, stage: Stage) -> dict[str, str]:
    """Alice, signed in at the real server."""
    form = f"grant_type=password&username={stage.scene.cast.alice.actor.email}&password={PASSWORD}"
    answer = wire.sent(
        live_url,
        wire.request(
            TOKEN,
            method="POST",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=form.replace(" ", "+").encode(),
        ),
    )
    assert answer.status == 200
    return {"Authorization": f"Bearer {answer.json['access_token']}", **JSON}


def create(headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request that would make an organization."""
    return wire.request("/api/v1/organizations", method="POST", headers=headers, body=body)


def chunked(headers: dict[str, str], pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same, its body in chunks and its length unsaid."""
    yield create({**headers, "Transfer-Encoding": "chunked"})
    for piece in pieces:
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def test_ten_megabytes_are_refused_with_their_length_and_without(
    live_url: str, stage: Stage, bearer: dict[str, str]
) -> None:
    before = contents(stage.scene)
    large = [_PIECE] * _TEN_MEGABYTES
    declared = {"Content-Length": str(len(_PIECE) * _TEN_MEGABYTES)}

    for pieces in (
        [create({**bearer, **declared}), *large],
        chunked(bearer, [b'{"name":"', *large, b'"}']),
    ):
        answer = wire.pushed(live_url, pieces)
        assert (answer.status, answer.code) == (413, "payload_too_large")
        assert "connection: close" in answer.head
    for pieces in ([create({**JSON, **declared}), *large], chunked(JSON, large)):
        assert wire.pushed(live_url, pieces).status == 401

    assert contents(stage.scene) == before


def test_a_length_of_thousands_of_digits_is_a_length(live_url: str, bearer: dict[str, str]) -> None:
    """Failed with 500: Python refuses to read so long a number."""
    for digits, status in ((b"0" * 5000 + b"17", 201), (b"0" * 5000 + b"9" * 9, 413)):
        head = create({**bearer, "Content-Length": digits.decode()})
        answer = wire.pushed(live_url, [head, b'{"name": "Large"}'])
        assert answer.status == status


def test_a_body_in_small_chunks_is_a_body(live_url: str, bearer: dict[str, str]) -> None:
    answer = wire.pushed(live_url, chunked(bearer, [b'{"na', b'me":', b'"Chunky"', b"}"]))

    assert answer.status == 201


def test_a_body_up_to_the_bound_is_read(live_url: str, bearer: dict[str, str]) -> None:
    padded = b'{"name": "Large"}'.ljust(DOCUMENT_BODY)

    assert wire.pushed(live_url, [create(bearer, padded)]).status == 201
    assert wire.pushed(live_url, [create(bearer, padded + b" ")]).status == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer " + "x" * 1_000_000},
        {"Cookie": "a=" + "x" * 40_000},
        {"X-" + "a" * 40_000: "b"},
        {f"X-{number}": "y" * 100 for number in range(400)},
        {"Idempotency-Key": "k" * 100_000},
    ],
    ids=["authorization", "cookie", "name", "many", "key"],
)
def test_large_headers_are_refused_wherever_they_go(live_url: str, headers: dict[str, str]) -> None:
    for target in ("/api/v1/organizations", "/healthz", "/nowhere", "/docs"):
        answer = wire.sent(live_url, wire.request(target, headers=headers))
        assert (answer.status, answer.code) == (431, "headers_too_large")


def test_a_large_query_counts_as_one(live_url: str) -> None:
    answer = wire.sent(live_url, wire.request("/api/v1/organizations?slug=" + "x" * 40_000))

    assert (answer.status, answer.code) == (431, "headers_too_large")


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX-Request-ID: ok\x00injected\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX-Bad Name: b\r\n\r\n",
        b"GET /api/v1/\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"BREW /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /api/v1/me HTTP/9.9\r\nHost: a\r\n\r\n",
        b"POST /api/v1/organizations HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v1/organizations HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
        b"Content-Length: 6\r\n\r\nabcdef",
        b"POST /api/v1/organizations HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/v1/me HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=[
        *("NUL", "a space in a name", "beyond ASCII", "a megabyte of path", "no method"),
        *("no version", "a negative length", "two lengths", "two framings", "no chunk", "TLS"),
    ],
)
def test_what_is_no_http_is_refused(live_url: str, raw: bytes) -> None:
    answer = wire.sent(live_url, raw)

    assert 400 <= answer.status < 500


def test_no_header_is_added_by_what_is_sent(live_url: str, bearer: dict[str, str]) -> None:
    evil = "%0d%0aX-Evil:%201%0d%0a%0d%0abody"
    for target in (
        f"/api/v1/organizations?slug={evil}",
        f"/api/v1/organizations/{evil}",
        f"/{evil}",
        f"/api/v1/organizations/?limit=1&slug={evil}",
        f"/docs/{evil}",
    ):
        answer = wire.sent(live_url, wire.request(target, headers=bearer))
        assert answer.status in (200, 404)
        assert "x-evil" not in answer.head


def test_who_goes_away_in_the_middle_leaves_nothing(
    live_url: str, stage: Stage, bearer: dict[str, str]
) -> None:
    before = contents(stage.scene)
    for _ in range(5):
        with wire.connected(live_url) as connection:
            whole = create(bearer, b'{"name": "Half"}')
            connection.sendall(whole[:-5])

    assert wire.sent(live_url, wire.request("/readyz")).status == 200
    assert contents(stage.scene) == before


def test_a_second_request_behind_a_refused_one_is_not_smuggled_in(
    live_url: str, bearer: dict[str, str]
) -> None:
    inner = create(bearer, b'{"name": "Smuggled"}')
    outer = wire.request(
        "/healthz", method="POST", headers={"Connection": "keep-alive"}, body=inner
    )

    answer = wire.sent(live_url, outer + wire.request("/version"))

    assert answer.status == 405
    assert answer.raw.count(b"HTTP/1.1 ") == 2
    assert b"Smuggled" not in answer.raw
