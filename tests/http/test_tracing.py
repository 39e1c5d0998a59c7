"""OpenTelemetry: one span a request, by its route, and no token in it."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace

import httpx2
import orjson
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.types import Message

from tenantry.app import Parts, create_app
from tenantry.cli.errors import CannotStart
from tenantry.cli.serving import assembly
from tenantry.http.observability.logs import RequestLog
from tenantry.http.observability.traced import Traced
from tenantry.http.observability.tracing import provider_of_environment
from tenantry.kit.ids import Kind, show
from tests.conftest import BASE_URL, ClientOf, cheap_passwords
from tests.http.responses import ORGANIZATIONS
from tests.support.cast import Cast
from tests.support.processes import CEILING


class Spans:
    """A client of a service that is traced, and the spans that were made."""

    def __init__(self, client: httpx2.AsyncClient, spans: InMemorySpanExporter) -> None:
        self.client = client
        self._spans = spans

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self._spans.get_finished_spans()


@pytest.fixture
async def traced(client_of: ClientOf) -> Spans:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return Spans(await client_of(tracer_provider=provider), spans)


async def test_a_call_is_one_span_named_after_its_route(traced: Spans, cast: Cast) -> None:
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


async def test_a_span_and_the_lines_of_the_log_are_found_by_each_other(
    client_of: ClientOf, cast: Cast
) -> None:
    spans, lines = InMemorySpanExporter(), list[str]()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    client = await client_of(tracer_provider=provider, request_log=RequestLog("json", lines.append))
    for path in (ORGANIZATIONS, "/healthz"):
        answer = await client.get(path, headers=cast.alice.headers)
        span, told = spans.get_finished_spans()[-1], orjson.loads(lines[-1])
        assert span.context is not None
        assert told["trace_id"] == format(span.context.trace_id, "032x")
        request_id = answer.headers["x-request-id"]
        assert (span.attributes or {})["http.response.header.x-request-id"] == (request_id,)
        assert told["request_id"] == request_id


async def test_pages_have_spans_too_and_the_query_is_not_in_them(
    traced: Spans, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    page = await traced.client.get("/verify-email?token=whoever-sees-this-proves-it")
    listed = await traced.client.get(f"{ORGANIZATIONS}?limit=1", headers=cast.alice.headers)
    assert page.status_code == 303
    assert len(listed.json()["data"]) == 1
    assert [span.name for span in traced.spans] == ["GET /verify-email", f"GET {ORGANIZATIONS}"]
    told = " ".join(span.to_json() for span in traced.spans)
    assert "whoever-sees-this" not in told
    assert cast.alice.token not in told
    assert not caplog.records  # of a span that is named when it has ended, for one


async def test_a_server_starts_and_ends_the_traced_service(parts: Parts) -> None:
    app = create_app(replace(parts, passwords=cheap_passwords(), tracer_provider=TracerProvider()))
    assert isinstance(app, Traced)
    asked, told = asyncio.Queue[Message](), asyncio.Queue[Message]()
    living = asyncio.create_task(app({"type": "lifespan"}, asked.get, told.put))

    await asked.put({"type": "lifespan.startup"})
    assert (await told.get())["type"] == "lifespan.startup.complete"
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        async with asyncio.timeout(CEILING):
            while (await client.get("/readyz")).status_code != 200:
                await asyncio.sleep(0.1)
    await asked.put({"type": "lifespan.shutdown"})
    assert (await told.get())["type"] == "lifespan.shutdown.complete"
    await living


async def test_tracing_is_on_where_an_exporter_is_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert provider_of_environment() is None
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    provider = provider_of_environment()
    assert provider is not None
    provider.shutdown()


def test_tracing_without_opentelemetry_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(CannotStart, match=r"tenantry\[otel\]"):
        assembly.tracer_provider()
