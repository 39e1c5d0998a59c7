"""Replies: values to bytes, and bytes to the wire."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Send

Header = tuple[bytes, bytes]


def encode(view: Any) -> bytes:
    """JSON in UTF-8; times in UTC with `Z` (RFC 3339)."""
    return orjson.dumps(view, option=orjson.OPT_UTC_Z)


@dataclass(slots=True)
class Reply:
    """Status, body and headers; the length is added on sending."""

    status: int
    body: bytes = b""
    headers: list[Header] = field(default_factory=list[Header])

    def as_response(self) -> Response:
        """As a Starlette response, to which the dispatcher adds the request id."""
        response = Response(self.body, self.status)
        response.raw_headers += self.headers
        return response

    async def send(self, send: Send, request_id: str, *, head_only: bool = False) -> None:
        """Send the reply. `head_only` omits the body and keeps its length (RFC 9110, 9.3.2)."""
        headers = [*self.headers, (b"x-request-id", request_id.encode())]
        if self.status not in (204, 304):
            headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = b"" if head_only else self.body
        await send({"type": "http.response.body", "body": body})
