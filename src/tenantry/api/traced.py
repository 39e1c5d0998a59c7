"""FastAPI's own OpenTelemetry around the application, told what it cannot see: `tracing.name_span`.

Queries are hidden from it: those of letters' links carry tokens, and it would put them into spans.
It looks on every request whether OpenTelemetry was set up meanwhile, which takes a tenth of a small
call, so it stands here only where an exporter is configured; nothing else imports this.
"""

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Receive, Scope, Send

_QUERY = "tenantry.query"


class Traced(FastAPI):
    """A FastAPI application of no routes, which makes the spans and lets `app` answer (ASGI 3)."""

    def __init__(self, app: ASGIApp, telemetry: TelemetryConfig) -> None:
        super().__init__(openapi_url=None, telemetry=_within_limits(telemetry))
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the lifespan."""
        await super().__call__(_without_query(scope), receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """The application, and nothing of FastAPI's."""
        return _WithQuery(self.app)


def _within_limits(telemetry: TelemetryConfig) -> TelemetryConfig:
    """Spans and measures of requests: no words of exceptions, which may quote what was sent."""
    return {**telemetry, "logs": False, "operation_spans": False}


def _without_query(scope: Scope) -> Scope:
    """The scope as a tracer may see it."""
    if "query_string" not in scope:
        return scope
    return {**scope, "query_string": b"", _QUERY: scope["query_string"]}


class _WithQuery:
    """Gives the query back to those who answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _QUERY in scope:
            scope["query_string"] = scope.pop(_QUERY)
        await self._app(scope, receive, send)
