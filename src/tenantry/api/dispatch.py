"""Dispatches each HTTP request: to an operation of the API, or to the pages and files.

Why a table of our own: docs/adr/0005-routing.md.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenantry.api import oauth
from tenantry.api.pipeline import answer
from tenantry.api.routing.route_table import Match, RouteTable
from tenantry.http import rate_headers
from tenantry.http.failures import MethodNotAllowed, outcome_of
from tenantry.http.observability.tracing import SPAN, name_span
from tenantry.http.problems import reply_to
from tenantry.http.request import IN_SCOPE, OK, REFUSED, UNMATCHED, Disconnected, Request
from tenantry.http.response import Reply
from tenantry.http.service import Service
from tenantry.kit.refusals import NotFound, Refusal

Observer = Callable[[Request, float], None]
"""Called after each request, with its duration in seconds."""

_NO_PATHS: Mapping[Hashable, str] = {}
_NOTHING: Mapping[str, Any] = {}
_NOWHERE = "/%2F"
"""A decoded path without a page."""
_SAFE = (b"x-content-type-options", b"nosniff")


class Dispatch:
    """ASGI 3: operations by the table, the rest by `others`, whose endpoints have these `paths`."""

    def __init__(
        self,
        service: Service,
        table: RouteTable,
        others: ASGIApp,
        *,
        paths: Mapping[Hashable, str] = _NO_PATHS,
        observers: Sequence[Observer] = (),
    ) -> None:
        self._service = service
        self._table = table
        self._others = others
        self._paths = paths
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._others(scope, receive, send)
            return
        request = Request(scope, receive)
        began = perf_counter()
        try:
            await self._answer(request, send)
        finally:
            for observe in self._observers:
                observe(request, perf_counter() - began)

    async def _answer(self, request: Request, send: Send) -> None:
        scope = request.scope
        refusal = scope.get("extensions", _NOTHING).get(REFUSED)
        if refusal is not None:
            await self._refuse(refusal, request, send)
            return
        match = None if _hides_a_slash(scope) else self._table.match(request.path)
        if match is None:
            await self._elsewhere(request, send)
            return
        request.route = match.path
        if SPAN in scope:
            name_span(scope, request.route, request.id)
        try:
            reply = await self._reply(request, match)
        except Disconnected:
            return
        request.status = reply.status
        reply.headers.append(_SAFE)
        if request.rate_limiter is not None:
            reply.headers += rate_headers.fields(request.rate_limiter)
        await reply.send(send, request.id, head_only=request.method == "HEAD")

    async def _refuse(self, refusal: Refusal, request: Request, send: Send) -> None:
        reply = reply_to(refusal, request.id)
        request.status, request.outcome = reply.status, refusal.code
        await reply.send(send, request.id)

    async def _elsewhere(self, request: Request, send: Send) -> None:
        """Pages, files and health checks, by Starlette's routes."""
        scope = request.scope
        if _hides_a_slash(scope) or "\n" in request.path:
            # Starlette's patterns end in `$`, which also matches before a last newline, so a page
            # would answer at an address that is not its own.
            if request.path.startswith("/api/"):
                await self._refuse(NotFound(), request, send)
                return
            scope["path"] = _NOWHERE
        scope[IN_SCOPE] = request

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = _started(message, request)
                self._place(request)
                if SPAN in scope and request.route != UNMATCHED:
                    name_span(scope, request.route, request.id)
            await send(message)

        try:
            await self._others(scope, request.receive, sending)
        finally:
            self._place(request)

    def _place(self, request: Request) -> None:
        """Record the route that Starlette has found."""
        request.route = self._paths.get(request.scope.get("endpoint"), UNMATCHED)

    async def _reply(self, request: Request, match: Match) -> Reply:
        method = "GET" if request.method == "HEAD" else request.method
        operation = match.operations.get(method)
        if operation is None:
            allow = [(b"allow", match.allow.encode())]
            if method == "OPTIONS":
                request.outcome = OK
                return Reply(204, b"", allow)
            request.outcome = MethodNotAllowed.code
            refused = reply_to(MethodNotAllowed(), request.id)
            refused.headers += allow
            return refused
        try:
            reply = await answer(self._service, operation, request, match.values)
        except Disconnected:
            raise
        except Exception as failure:
            request.outcome = outcome_of(failure)
            render = oauth.reply_to if operation.form else reply_to
            return render(failure, request.id)
        request.outcome = OK
        return reply


def _hides_a_slash(scope: Scope) -> bool:
    """Whether a segment of the path contains an encoded slash, which no valid one does.

    The path arrives decoded, so such a segment would become two.
    """
    raw: bytes = scope.get("raw_path") or b""
    return b"%" in raw and b"%2f" in raw.lower()


def _started(message: Message, request: Request) -> Message:
    """The start of a response from a page or file, with the headers that every response has."""
    status = request.status = message["status"]
    request.outcome = OK if status < 400 else "refused" if status < 500 else "failed"
    named = (b"x-request-id", request.id.encode())
    return {**message, "headers": [*message.get("headers", []), named, _SAFE]}
