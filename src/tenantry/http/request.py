"""A request: headers, a body of limited size, and an id that logs and events include."""

import asyncio
import re
from typing import Any, Never, cast
from uuid import UUID

from starlette.types import Receive, Scope

from tenantry.authz.authority import KeyActor, ServiceKey
from tenantry.identity.sessions.model import Client
from tenantry.kit.ids import new_hex
from tenantry.kit.refusals import Refusal
from tenantry.platform.rate_limits.actions import RateLimiter

USUAL_BODY = 16 * 1024
DOCUMENT_BODY = 256 * 1024
"""For metadata, lists of permissions, and tokens, in any JSON escaping."""
BATCH_BODY = 1024 * 1024
RECEIPT_SECONDS = 30
IS_WHOLE = "tenantry.is_whole"
"""The ASGI extension of a request whose body has arrived completely."""
IN_SCOPE = "tenantry.request"
"""Where the scope of a page or file has its `Request`."""
REFUSED = "tenantry.refused"
"""The ASGI extension that carries the refusal of a request that could not be read."""
UNMATCHED = "unmatched"
"""The route of unknown paths: one label for all of them."""
OK = "ok"
LEFT = "left"
"""The outcome of a request whose client disconnected before the response."""

_LONGEST_LENGTH = 20
"""The most digits of a plausible Content-Length; Python refuses to parse thousands of them."""
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class PayloadTooLarge(Refusal):
    code = "payload_too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"The body of this request may have at most {most} bytes.")


class RequestTimeout(Refusal):
    code = "request_timeout"
    detail = f"The request body did not arrive within {RECEIPT_SECONDS} seconds."


class HeadTimeout(RequestTimeout):
    detail = "The request's headers did not arrive in time."


class Disconnected(Exception):
    """The caller disconnected before the request was complete."""


class Request:
    """One HTTP request, and its outcome."""

    __slots__ = (
        *("headers", "id", "rate_limiter", "method", "path", "query", "receive", "scope"),
        *("key", "org_id", "outcome", "route", "status", "user_id"),
    )

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        if len(self.headers) < len(scope["headers"]):
            self.headers = _joined(scope["headers"])
        self.rate_limiter: RateLimiter | None = None
        given = self.headers.get(b"x-request-id", b"")
        self.id = given.decode() if _REQUEST_ID.fullmatch(given) else f"req_{new_hex()}"
        # For logs and metrics.
        self.route = UNMATCHED
        self.status = 0
        self.outcome = LEFT
        self.user_id: UUID | None = None
        self.key: KeyActor | ServiceKey | None = None
        self.org_id: UUID | None = None

    @classmethod
    def of(cls, scope: Scope) -> "Request":
        """The request of a scope that is answered by a page or file."""
        return scope[IN_SCOPE]

    def header(self, name: bytes) -> str:
        """A header's value, empty if it is absent; bytes beyond ASCII are read as Latin-1."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.header(b"content-type").partition(";")[0].strip().lower()

    @property
    def is_encoded(self) -> bool:
        """Whether the body has a Content-Encoding; it is never decoded."""
        return self.header(b"content-encoding").strip().lower() not in ("", "identity")

    @property
    def client(self) -> Client:
        """The client's data that a session stores."""
        peer = cast(tuple[str, int] | None, self.scope.get("client"))
        agent = self.header(b"user-agent")[:200]
        printable = "".join(filter(str.isprintable, agent))
        return Client(user_agent=printable, network=peer[0] if peer else "")

    async def body(self, most: int) -> bytes:
        """The whole body, of at most `most` bytes.

        PayloadTooLarge as soon as it exceeds them; RequestTimeout; Disconnected.
        """
        declared = self.headers.get(b"content-length", b"0").lstrip(b"0")
        if declared.isdigit() and (len(declared) > _LONGEST_LENGTH or int(declared) > most):
            raise PayloadTooLarge(most)
        if IS_WHOLE in self.scope.get("extensions", ()):
            # No timer is needed, which would take longer than reading.
            return await self._whole(most)
        try:
            async with asyncio.timeout(RECEIPT_SECONDS):
                return await self._whole(most)
        except TimeoutError:
            raise RequestTimeout from None

    async def wait_for_disconnect(self) -> Never:
        """Raises Disconnected when the client disconnects. Call it after the body was read."""
        while True:
            await self._next_message()

    async def _whole(self, most: int) -> bytes:
        message = await self._next_message()
        if not message.get("more_body"):
            return _bounded(message.get("body", b""), most)
        return await self._rest(message.get("body", b""), most)

    async def _rest(self, first: bytes, most: int) -> bytes:
        body, more = bytearray(first), True
        while more:
            _bounded(body, most)
            message = await self._next_message()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return bytes(_bounded(body, most))

    async def _next_message(self) -> dict[str, Any]:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        return cast(dict[str, Any], message)


def _bounded(body: Any, most: int) -> Any:
    if len(body) > most:
        raise PayloadTooLarge(most)
    return body


def _joined(pairs: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Repeated headers are joined (RFC 9110, section 5.2). So with two tokens, media types or keys,
    neither is valid, whichever one a proxy has checked.
    """
    headers = dict[bytes, list[bytes]]()
    for name, value in pairs:
        headers.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in headers.items()}
