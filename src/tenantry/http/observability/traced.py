"""OpenTelemetry's instrumentation of ASGI around the application.

It slows every request, so it is imported only if an exporter is configured. It does not see the
query, because links in emails have tokens there, which it would add to spans.
"""

import os

from opentelemetry import trace
from opentelemetry.instrumentation.asgi import (  # pyright: ignore[reportMissingTypeStubs]: it has none
    OpenTelemetryMiddleware,
)
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk.trace import TracerProvider
from starlette.types import ASGIApp, Receive, Scope, Send

from tenantry.http.observability.tracing import SPAN

_QUERY = "tenantry.query"


class Traced:
    """ASGI 3: one span for each request that `app` answers."""

    def __init__(self, app: ASGIApp, provider: TracerProvider) -> None:
        # The stable attribute names; the instrumentation defaults to older ones.
        os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")
        self.app = app
        self._spans = OpenTelemetryMiddleware(
            self._answer,
            default_span_details=_span_details,
            tracer_provider=provider,
            meter_provider=NoOpMeterProvider(),
            exclude_spans=["receive", "send"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        hidden = {**scope, "query_string": b"", _QUERY: scope["query_string"]}
        await self._spans(hidden, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["query_string"] = scope.pop(_QUERY)
        scope[SPAN] = trace.get_current_span()
        await self.app(scope, receive, send)


def _span_details(scope: Scope) -> tuple[str, dict[str, str]]:
    """Spans are named after routes, not paths, because there are as many paths as ids."""
    return scope["method"], {}
