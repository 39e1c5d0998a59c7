"""What OpenTelemetry is to see of requests; who makes the spans stands in `traced.py`."""

import os
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig

_SPAN = "fastapi.telemetry"


def by_environment() -> "TelemetryConfig | None":
    """What the environment wants told; None where it names no exporter."""
    if not any(name.startswith("OTEL_EXPORTER_") for name in os.environ):
        return None
    return {"auto_configure": True}


def name_span(scope: Scope, route: str, request_id: str) -> None:
    """Call the request's span after its route, and note the request's id, before the answer ends
    it."""
    told: Any = scope.get(_SPAN)
    if told is None:
        return
    told.route = route
    if told.span is not None:
        told.span.set_attribute("http.route", route)
        told.span.set_attribute("http.response.header.x-request-id", (request_id,))
        told.span.update_name(f"{told.span_method} {route}")
