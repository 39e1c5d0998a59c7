"""The way every HTTP request takes: to an operation of ours, or on to the rest of the service.

FastAPI describes the API and serves the pages; it does not stand between a request and its
operation. Why: docs/adr/0005-fastapi-describes-our-table-dispatches.md.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenantry.api import oauth
from tenantry.api.pipeline import answer
from tenantry.api.problems import HeadTooLarge, MethodNotAllowed, reply_to
from tenantry.api.table import Match, RouteTable
from tenantry.kit.refusals import NotFound
from tenantry.web.replies import Reply
from tenantry.web.requests import Disconnected, Request
from tenantry.web.service import Service

_SAFE = (b"x-content-type-options", b"nosniff")


class Dispatch:
    """ASGI 3: operations by the table, everything else by `others`."""

    def __init__(self, service: Service, table: RouteTable, others: ASGIApp) -> None:
        self._service = service
        self._table = table
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._others(scope, receive, send)
            return
        request = Request(scope, receive)
        if request.head_is_too_large:
            await reply_to(HeadTooLarge(), request.id).send(send, request.id)
            return
        match = self._table.match(request.path)
        if match is None and "\n" in request.path:
            # Starlette's patterns end in `$`, which matches before a last newline as well: the
            # functions that stand in for operations would be called.
            await reply_to(NotFound(), request.id).send(send, request.id)
            return
        if match is None:
            scope["tenantry.request_id"] = request.id
            await self._others(scope, receive, _with_request_id(send, request.id))
            return
        try:
            reply = await self._reply(request, match)
        except Disconnected:
            return
        reply.headers.append(_SAFE)
        await reply.send(send, request.id, head_only=request.method == "HEAD")

    async def _reply(self, request: Request, match: Match) -> Reply:
        method = "GET" if request.method == "HEAD" else request.method
        operation = match.operations.get(method)
        if operation is None:
            allow = [(b"allow", match.allow.encode())]
            if method == "OPTIONS":
                return Reply(204, b"", allow)
            refused = reply_to(MethodNotAllowed(), request.id)
            refused.headers += allow
            return refused
        try:
            return await answer(self._service, operation, request, match.values)
        except Disconnected:
            raise
        except Exception as failure:
            told = oauth.reply_to if operation.form else reply_to
            return told(failure, request.id)


def _with_request_id(send: Send, request_id: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (b"x-request-id", request_id.encode()), _SAFE]
            message = {**message, "headers": headers}
        await send(message)

    return sending
