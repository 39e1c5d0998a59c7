"""OpenTelemetry's exporter, and the names of request spans."""

import os
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

SPAN = "tenantry.span"
"""In a scope: the request's span, if it is traced."""


def provider_of_environment() -> "TracerProvider | None":
    """Exports spans by OTLP, configured by `OTEL_…`; None if no exporter is configured.

    ModuleNotFoundError if `tenantry[otel]` is not installed.
    """
    if not any(name.startswith("OTEL_EXPORTER_") for name in os.environ):
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def name_span(scope: Scope, route: str, request_id: str) -> None:
    """Name the scope's span after its route, and add the request id, before the response ends the
    span."""
    span: Any = scope[SPAN]
    span.set_attribute("http.route", route)
    span.set_attribute("http.response.header.x-request-id", (request_id,))
    span.update_name(f"{scope['method']} {route}")
