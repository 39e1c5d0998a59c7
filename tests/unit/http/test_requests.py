"""A request as interfaces see it: one meaning for each header, and a bounded body."""

import asyncio

import httpx2
import pytest
from starlette.types import Message

from tenantry.http.request import USUAL_BODY, Disconnected, PayloadTooLarge, Request, RequestTimeout
from tests.support.cast import Cast
from tests.support.processes import CEILING

ORGANIZATIONS = "/api/v1/organizations"
Headers = list[tuple[bytes, bytes]]


def request(*messages: Message, headers: Headers | None = None, pause: float = 0) -> Request:
    """A request whose body comes in these messages, with a pause before each."""
    coming = iter(messages)

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return next(coming)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": headers or [],
        "client": ("::1", 4),
    }
    return Request(scope, receive)


def chunk(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_comes_whole_or_in_chunks() -> None:
    assert await request(chunk(b"whole", more=False)).body(USUAL_BODY) == b"whole"
    assert await request({"type": "http.request"}).body(USUAL_BODY) == b""
    pieces = [chunk(b"in "), chunk(b""), chunk(b"pieces"), chunk(b"", more=False)]
    assert await request(*pieces).body(USUAL_BODY) == b"in pieces"


@pytest.mark.parametrize("declared", [[], [(b"content-length", b"nonsense")]])
async def test_a_body_is_bounded_whatever_length_it_declares(declared: Headers) -> None:
    largest, beyond = b"x" * USUAL_BODY, b"x" * (USUAL_BODY + 1)
    assert await request(chunk(largest), chunk(b"", more=False)).body(USUAL_BODY) == largest
    for messages in (
        [chunk(beyond, more=False)],
        [chunk(beyond)],
        [chunk(largest), chunk(b"x")],
        [chunk(largest), chunk(b"x", more=False)],
    ):
        with pytest.raises(PayloadTooLarge):
            await request(*messages, headers=declared).body(USUAL_BODY)


async def test_a_declared_length_beyond_the_bound_is_refused_before_anything_is_read() -> None:
    declared = [(b"content-length", str(USUAL_BODY + 1).encode())]
    with pytest.raises(PayloadTooLarge):
        await request(headers=declared).body(USUAL_BODY)


async def test_who_goes_away_is_not_answered() -> None:
    gone: Message = {"type": "http.disconnect"}
    for messages in ([gone], [chunk(b"half"), gone]):
        with pytest.raises(Disconnected):
            await request(*messages).body(USUAL_BODY)


@pytest.mark.parametrize("pieces", [1, 100])
async def test_a_body_has_its_time_in_all_and_not_for_each_piece(
    monkeypatch: pytest.MonkeyPatch, pieces: int
) -> None:
    """Fails, with one byte after another, where each piece has time of its own: tried."""
    monkeypatch.setattr("tenantry.http.request.RECEIPT_SECONDS", 0.2)
    pause = 60 if pieces == 1 else 0.05
    trickle = request(*[chunk(b"x")] * pieces, pause=pause)
    async with asyncio.timeout(CEILING):
        with pytest.raises(RequestTimeout):
            await trickle.body(USUAL_BODY)


async def test_a_header_that_comes_twice_says_both_things() -> None:
    pairs = [(b"if-match", b'"a"'), (b"accept", b"x"), (b"if-match", b'"b"')]
    assert request(headers=pairs).header(b"if-match") == '"a", "b"'
    assert request(headers=pairs).header(b"accept") == "x"
    assert request(headers=pairs).header(b"absent") == ""


async def test_a_request_id_of_two_is_none() -> None:
    given = (b"x-request-id", b"a-good-request-id")
    assert request(headers=[given]).id == "a-good-request-id"
    assert request(headers=[given, given]).id.startswith("req_")


async def test_what_a_session_remembers_of_a_device_is_plain_and_short() -> None:
    client = request(headers=[(b"user-agent", b"Mozilla\x00\x7f " + b"x" * 500)]).client
    assert client.user_agent == "Mozilla " + "x" * 190
    assert client.network == "::1"
    nowhere = request()
    nowhere.scope["client"] = None
    assert nowhere.client.network == ""


@pytest.fixture
def alices(api: httpx2.AsyncClient, cast: Cast) -> httpx2.AsyncClient:
    """A client that is Alice's, unless a request says otherwise."""
    api.headers["Authorization"] = cast.alice.headers["Authorization"]
    return api


async def test_of_two_tokens_neither_counts(api: httpx2.AsyncClient, cast: Cast) -> None:
    """A proxy before us may have looked at the first, and we at the last."""
    mine, other = cast.alice.headers["Authorization"], cast.bob.headers["Authorization"]
    for pair in ([mine, other], [other, mine], [mine, mine], ["Basic eDp5", mine]):
        headers = [("Authorization", each) for each in pair]
        answer = await api.get("/api/v1/me", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")


async def test_of_two_keys_or_media_types_neither_counts(alices: httpx2.AsyncClient) -> None:
    json = ("Content-Type", "application/json")
    for headers, status in (
        ([json, ("Idempotency-Key", "one"), ("Idempotency-Key", "two")], 400),
        ([json, ("Content-Type", "text/plain")], 415),
    ):
        answer = await alices.post(ORGANIZATIONS, content=b'{"name": "Twice"}', headers=headers)
        assert answer.status_code == status, answer.text


async def test_of_two_conditions_each_counts(alices: httpx2.AsyncClient) -> None:
    tag = (await alices.get("/api/v1/me")).headers["etag"]
    for pair in ([tag, '"x"'], ['"x"', tag]):
        seen = [("If-None-Match", each) for each in pair]
        assert (await alices.get("/api/v1/me", headers=seen)).status_code == 304
        match = [("If-Match", each) for each in pair]
        answer = await alices.patch("/api/v1/me", json={}, headers=match)
        assert answer.status_code == 200
