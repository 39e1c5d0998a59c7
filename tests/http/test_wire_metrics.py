"""/metrics and /version: shown where a setting says so, and bounded whatever people try."""

import asyncio
from platform import python_version

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tenantry import __version__
from tenantry.http.observability.metrics import Metrics
from tenantry.kit.ids import Kind, show
from tests.conftest import ClientOf
from tests.http.responses import ORGANIZATIONS
from tests.support.cast import Cast
from tests.support.processes import CEILING

_LABELS = ("job", "method", "route", "status", "state", "outcome")

Samples = dict[tuple[str, ...], float]


@pytest.fixture
async def measured(client_of: ClientOf) -> httpx2.AsyncClient:
    """A client of a service that counts."""
    return await client_of(metrics=Metrics())


async def samples(client: httpx2.AsyncClient, name: str) -> Samples:
    """What is shown under a name, by the values of its labels."""
    shown = await client.get("/metrics")
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("text/plain; version=")
    return {
        tuple(sample.labels[each] for each in _LABELS if each in sample.labels): sample.value
        for family in text_string_to_metric_families(shown.text)
        for sample in family.samples
        if sample.name == name
    }


async def test_they_are_not_there_unless_a_setting_says_so(client_of: ClientOf) -> None:
    client = await client_of(shows_version=False)
    assert (await client.get("/metrics")).status_code == 404
    assert (await client.get("/version")).status_code == 404


async def test_requests_are_counted_by_template_status_and_outcome(
    measured: httpx2.AsyncClient, cast: Cast
) -> None:
    org = f"{ORGANIZATIONS}/{show(Kind.ORGANIZATION, cast.acme.organization.id)}"
    await measured.get(org, headers=cast.alice.headers)
    await measured.get(org, headers=cast.alice.headers)
    await measured.get(org, headers=cast.charlie.headers)
    await measured.get(org)
    await measured.post(org)
    await measured.options(org)
    await measured.get("/healthz")
    await measured.get("/static/console.css")

    template = "/api/v1/organizations/{org_id}"
    assert await samples(measured, "tenantry_requests_total") == {
        ("GET", template, "200", "ok"): 2,
        ("GET", template, "404", "not_found"): 1,
        ("GET", template, "401", "unauthenticated"): 1,
        ("POST", template, "405", "method_not_allowed"): 1,
        ("OPTIONS", template, "204", "ok"): 1,
        ("GET", "/healthz", "200", "ok"): 1,
        ("GET", "/static/{name}", "200", "ok"): 1,
    }
    durations = await samples(measured, "tenantry_request_duration_seconds_count")
    assert durations["GET", template] == 4


async def test_with_a_token_they_are_shown_to_its_bearer_alone(client_of: ClientOf) -> None:
    client = await client_of(metrics=Metrics("token-of-prometheus"))
    for given in (b"", b"Bearer another-token", b"Bearer \xe9", b"Basic token-of-prometheus"):
        refused = await client.get("/metrics", headers={b"authorization": given})
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["code"] == "unauthenticated"
        assert refused.json()["request_id"] == refused.headers["x-request-id"]
        assert "tenantry_" not in refused.text
    shown = await client.get("/metrics", headers={"Authorization": "Bearer token-of-prometheus"})
    assert shown.status_code == 200
    assert "tenantry_requests_total" in shown.text


async def test_the_build_and_what_the_process_uses_are_shown(measured: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(CEILING):
        while not (memory := (await samples(measured, "process_resident_memory_bytes"))[()]):
            await asyncio.sleep(0.01)
    assert memory > 1_000_000
    assert (await samples(measured, "process_open_fds"))[()] > 3
    assert (await samples(measured, "process_cpu_seconds_total"))[()] > 0
    assert (await samples(measured, "process_start_time_seconds"))[()] > 1_700_000_000
    text = (await measured.get("/metrics")).text
    labels = f'python_version="{python_version()}",version="{__version__}"'
    assert f"tenantry_build_info{{{labels}}} 1.0\n" in text


async def test_what_people_try_makes_no_labels(measured: httpx2.AsyncClient) -> None:
    for number in range(50):
        await measured.get(f"/nothing/{number}")
        await measured.request(f"TRY{number}", f"/api/v1/nothing/{number}%0A")

    counted = await samples(measured, "tenantry_requests_total")
    assert counted == {
        ("GET", "unmatched", "404", "refused"): 50,
        ("OTHER", "unmatched", "404", "not_found"): 50,
    }


async def test_the_pool_the_outbox_and_jobs_are_shown(measured: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(CEILING):
        while ("deliver_emails", "ok") not in await samples(measured, "tenantry_job_runs_total"):
            await asyncio.sleep(0.01)
        while not (emails := await samples(measured, "tenantry_outbox_emails")):
            await asyncio.sleep(0.01)
    connections = await samples(measured, "tenantry_db_connections")
    runs = await samples(measured, "tenantry_job_runs_total")

    assert emails.keys() == {("queued",), ("failed",)}
    assert connections["size",] == 8
    assert connections.keys() == {("size",), ("in_use",), ("waiting",)}
    assert runs["deliver_emails", "ok"] >= 1
