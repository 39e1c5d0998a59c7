"""FastAPI's own OpenTelemetry, told what it cannot see: the routes that it does not dispatch.

Queries are hidden from it: those of letters' links carry tokens, and it would put them into spans.
"""

import os
from typing import Any, cast

from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Receive, Scope, Send

_QUERY = "tenantry.query"
_SPAN = "fastapi.telemetry"


def by_environment() -> TelemetryConfig | None:
    """What the environment wants told; None where it names no exporter."""
    if not any(name.startswith("OTEL_EXPORTER_") for name in os.environ):
        return None
    return {"auto_configure": True}


def within_limits(config: TelemetryConfig | None) -> TelemetryConfig:
    """Spans and measures of requests: no words of exceptions, which may quote what was sent."""
    return cast(TelemetryConfig, {**(config or {}), "logs": False, "operation_spans": False})


def without_query(scope: Scope) -> Scope:
    """The scope as a tracer may see it."""
    return {**scope, "query_string": b"", _QUERY: scope["query_string"]}


class WithQuery:
    """Gives the query back to those who answer (ASGI 3)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if _QUERY in scope:
            scope["query_string"] = scope.pop(_QUERY)
        await self._app(scope, receive, send)


def name_span(scope: Scope, route: str) -> None:
    """Call the request's span after its route, before the answer ends it."""
    told: Any = scope.get(_SPAN)
    if told is None:
        return
    told.route = route
    if told.span is not None:
        told.span.set_attribute("http.route", route)
        told.span.update_name(f"{told.span_method} {route}")
