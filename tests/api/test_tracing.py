"""FastAPI's own OpenTelemetry: one span a request, by its route, and no token in it."""

from collections.abc import Sequence

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tenantry.api.tracing import by_environment
from tenantry.kit.ids import Kind, show
from tests.api.answers import ORGANIZATIONS
from tests.cast import Cast
from tests.conftest import ClientOf


class Traced:
    """A client of a service that is traced, and the spans that were made."""

    def __init__(self, client: httpx2.AsyncClient, spans: InMemorySpanExporter) -> None:
        self.client = client
        self._spans = spans

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self._spans.get_finished_spans()


@pytest.fixture
async def traced(client_of: ClientOf) -> Traced:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return Traced(await client_of(telemetry={"tracer_provider": provider}), spans)


async def test_a_call_is_one_span_named_after_its_route(traced: Traced, cast: Cast) -> None:
    org_id = show(Kind.ORGANIZATION, cast.acme.organization.id)
    parent = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await traced.client.get(
        f"{ORGANIZATIONS}/{org_id}",
        headers={**cast.alice.headers, "traceparent": f"00-{parent}-00f067aa0ba902b7-01"},
    )
    assert answer.status_code == 200
    (span,) = traced.spans
    told = dict(span.attributes or {})
    assert span.name == "GET /api/v1/organizations/{org_id}"
    assert told["http.route"] == "/api/v1/organizations/{org_id}"
    assert told["http.response.status_code"] == 200
    assert span.context is not None
    assert format(span.context.trace_id, "032x") == parent


async def test_pages_have_spans_too_and_the_query_is_not_in_them(
    traced: Traced, cast: Cast
) -> None:
    page = await traced.client.get("/verify-email?token=whoever-sees-this-proves-it")
    listed = await traced.client.get(f"{ORGANIZATIONS}?limit=1", headers=cast.alice.headers)
    assert page.status_code == 303
    assert len(listed.json()["data"]) == 1
    assert [span.name for span in traced.spans] == ["GET /verify-email", f"GET {ORGANIZATIONS}"]
    told = " ".join(span.to_json() for span in traced.spans)
    assert "whoever-sees-this" not in told
    assert cast.alice.token not in told


async def test_tracing_is_on_where_an_exporter_is_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert by_environment() is None
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    assert by_environment() == {"auto_configure": True}
