"""A request as doors see it: its body bounded in size and time, its words fit to be kept."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.types import Message, Receive

from tenantry.web import requests
from tenantry.web.requests import (
    LARGEST_BODY,
    LARGEST_HEAD,
    Disconnected,
    PayloadTooLarge,
    Request,
    RequestTimeout,
)


def request(receive: Receive | None = None, *, query: bytes = b"", **headers: str) -> Request:
    """A request with these headers, `_` standing for `-`."""
    pairs = [(name.replace("_", "-").encode(), v.encode()) for name, v in headers.items()]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": query,
        "headers": pairs,
        "client": ("192.0.2.1", 1234),
    }
    return Request(scope, receive or pieces([]))


def pieces(bodies: list[bytes], end: Message | None = None) -> Receive:
    """A caller who sends a body in pieces; at the end, perhaps, something else comes."""
    messages: Iterator[Message] = iter(
        [
            *(
                {
                    "type": "http.request",
                    "body": body,
                    "more_body": end is not None or number < len(bodies),
                }
                for number, body in enumerate(bodies, 1)
            ),
            *([end] if end else []),
        ]
    )

    async def receive() -> Message:
        return next(messages)

    return receive


async def test_a_body_is_read_whole_however_it_comes() -> None:
    assert await request(pieces([b"one"])).body() == b"one"
    assert await request(pieces([b"one", b"", b"two", b"three"])).body() == b"onetwothree"
    assert await request(pieces([b""])).body() == b""


async def test_a_body_up_to_the_bound_is_read() -> None:
    largest = b"x" * LARGEST_BODY

    assert await request(pieces([largest])).body() == largest
    assert await request(pieces([largest[:-1], b"x"])).body() == largest


async def test_a_body_that_says_it_is_too_large_is_not_even_begun() -> None:
    async def never() -> Message:
        raise AssertionError("it was read")

    for length in (str(LARGEST_BODY + 1), "9" * 30):
        with pytest.raises(PayloadTooLarge):
            await request(never, content_length=length).body()


async def test_a_body_that_turns_out_too_large_is_read_no_further() -> None:
    # What comes behind the bound is an error to ask for: the iterator has nothing more.
    beyond = pieces([b"x" * LARGEST_BODY, b"x"], end={"type": "http.request", "more_body": True})

    with pytest.raises(PayloadTooLarge):
        await request(beyond).body()
    with pytest.raises(PayloadTooLarge):
        await request(pieces([b"x" * (LARGEST_BODY + 1)])).body()


async def test_a_length_that_says_less_than_comes_is_not_believed() -> None:
    with pytest.raises(PayloadTooLarge):
        await request(pieces([b"x" * (LARGEST_BODY + 1)]), content_length="5").body()


async def test_who_goes_away_before_the_end_is_told_nothing() -> None:
    gone: Message = {"type": "http.disconnect"}

    for bodies in ([], [b"half"]):
        with pytest.raises(Disconnected):
            await request(pieces(bodies, end=gone)).body()


async def test_who_dawdles_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(requests, "RECEIPT_SECONDS", 0.01)
    with pytest.raises(RequestTimeout):
        await request(never).body()


def test_headers_and_query_together_have_a_bound() -> None:
    fits = "x" * (LARGEST_HEAD - 1)

    assert not request(a=fits).head_is_too_large
    assert request(a=fits + "x").head_is_too_large
    assert request(a=fits, query=b"x").head_is_too_large
    many: dict[str, Any] = {f"h{number}": "x" * 50 for number in range(1000)}
    assert request(**many).head_is_too_large


@pytest.mark.parametrize("given", ["abcdefgh", "A-b_c.9" * 9])
def test_a_well_formed_id_is_taken_over(given: str) -> None:
    assert request(x_request_id=given).id == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f", "abcdefgh\n", "ä" * 8])
def test_any_other_id_is_replaced(given: str) -> None:
    assert request(x_request_id=given).id.startswith("req_")


def test_what_a_device_says_of_itself_is_fit_to_be_shown() -> None:
    client = request(user_agent="Fox\x00\x1b[2J\u202e/1" + "x" * 500).client

    assert client.user_agent.isprintable()
    assert len(client.user_agent) <= 200
    assert client.network == "192.0.2.1"


def test_a_request_from_nowhere_has_no_network() -> None:
    nowhere = request()
    nowhere.scope["client"] = None

    assert (nowhere.client.user_agent, nowhere.client.network) == ("", "")
