"""A reply on its way out."""

from typing import Any

import pytest
from starlette.types import Message

from tenantry.http.response import Reply


async def sent(reply: Reply, **how: Any) -> tuple[dict[bytes, bytes], bytes]:
    """Headers and body, as they are sent."""
    messages = list[Message]()

    async def send(message: Message) -> None:
        messages.append(message)

    await reply.send(send, "req_1", **how)
    start, body = messages
    assert start["status"] == reply.status
    return dict(start["headers"]), body["body"]


async def test_length_and_request_id_are_added() -> None:
    headers, body = await sent(Reply(200, b"four", [(b"a", b"b")]))

    assert headers == {b"a": b"b", b"x-request-id": b"req_1", b"content-length": b"4"}
    assert body == b"four"


async def test_head_keeps_the_length_and_leaves_the_body_out() -> None:
    headers, body = await sent(Reply(200, b"four"), head_only=True)

    assert (headers[b"content-length"], body) == (b"4", b"")


@pytest.mark.parametrize("status", [204, 304])
async def test_what_never_has_a_body_has_no_length_either(status: int) -> None:
    headers, body = await sent(Reply(status))

    assert b"content-length" not in headers
    assert body == b""
