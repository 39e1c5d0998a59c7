"""Mistakes in how a service is set up are told, with what to do; its callers' are theirs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import APIRouter, Depends, FastAPI

from tenantry_client import AsyncGuard, Guard, Misconfigured, Unreachable
from tenantry_client.fastapi import protect, require
from tests.clients.conftest import Live
from tests.conftest import AUDIENCE
from tests.support.api import service_keys
from tests.support.cast import Cast
from tests.support.issuer import bearer
from tests.support.processes import free_port

Admin = psycopg.Connection[Any]


@pytest.fixture
def key(admin: Admin) -> str:
    return service_keys.planted(admin)


@asynccontextmanager
async def running(app: FastAPI, guard: AsyncGuard) -> AsyncGenerator[httpx2.AsyncClient]:
    """The application, protected, and a client of it."""
    transport = httpx2.ASGITransport(app)
    async with (
        protect(app, guard),
        httpx2.AsyncClient(transport=transport, base_url="http://invoices.test") as client,
    ):
        yield client


def invoices(permission: str = "workspace:update") -> FastAPI:
    """A service with one route, in a workspace."""
    app = FastAPI()
    needed = Depends(require(permission, workspace="workspace_id"))

    @app.post("/workspaces/{workspace_id}/invoices", dependencies=[needed])
    async def created(workspace_id: str) -> str:
        return workspace_id

    return app


@pytest.mark.parametrize(
    "id",
    ["nonsense", "ws_" + "0" * 26, "ws_" + "9" * 26, "%00", "x" * 9000],
    ids=lambda id: id[:30],
)
async def test_an_id_that_is_none_is_refused_like_one_that_is_unknown(
    live: Live, cast: Cast, key: str, id: str
) -> None:
    """Fails with 503 where the refusal of the question is taken for an outage: tried."""
    guard = AsyncGuard(live.url, audience=AUDIENCE, service_key=key)
    dave = bearer(live.organization_token(cast.dave, cast))
    async with running(invoices(), guard) as client:
        answer = await client.post(f"/workspaces/{id}/invoices", headers=dave)
        there = await client.post(f"/workspaces/{cast.workspace_id}/invoices", headers=dave)
    assert answer.status_code == 403
    assert answer.json()["detail"]["code"] == "permission_denied"
    assert there.status_code == 200


async def test_a_service_key_that_is_none_is_told_at_the_start(live: Live) -> None:
    guard = AsyncGuard(live.url, audience=AUDIENCE, service_key="tnt_service_nonsense")
    with pytest.raises(Misconfigured, match="refuses the service key"):
        async with protect(invoices(), guard):
            pass
    for other in ("tnt_sk_" + "0" * 49, "", "secret"):
        with pytest.raises(ValueError, match="service key"):
            AsyncGuard(live.url, audience=AUDIENCE, service_key=other)
        with pytest.raises(ValueError, match="service key"):
            Guard(live.url, audience=AUDIENCE, service_key=other)


async def test_a_service_key_that_is_revoked_later_is_logged_once(
    live: Live, cast: Cast, key: str, admin: Admin, caplog: pytest.LogCaptureFixture
) -> None:
    guard = AsyncGuard(live.url, audience=AUDIENCE, service_key=key, remember=0)
    dave = bearer(live.organization_token(cast.dave, cast))
    place = f"/workspaces/{cast.workspace_id}/invoices"
    async with running(invoices(), guard) as client:
        assert (await client.post(place, headers=dave)).status_code == 200
        service_keys.revoke(admin, key)
        for _ in range(3):
            assert (await client.post(place, headers=dave)).status_code == 503
    (line,) = [each for each in caplog.messages if "service key" in each]
    assert "POST /api/v1/operator/service-keys" in line


async def test_a_permission_that_is_not_declared_is_logged_once(
    live: Live, cast: Cast, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    guard = AsyncGuard(live.url, audience=AUDIENCE, service_key=key, remember=0)
    dave = bearer(live.organization_token(cast.dave, cast))
    async with running(invoices("invoice:aprove"), guard) as client:
        for _ in range(3):
            place = f"/workspaces/{cast.workspace_id}/invoices"
            assert (await client.post(place, headers=dave)).status_code == 403
    (line,) = [each for each in caplog.messages if "invoice:aprove" in each]
    assert "declare it" in line


async def test_a_token_for_another_service_is_refused_and_logged_once(
    live: Live, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    guard = AsyncGuard(live.url, audience="reports")
    dave = bearer(live.organization_token(cast.dave, cast))
    async with running(invoices(), guard) as client:
        for _ in range(3):
            assert (await client.post("/workspaces/x/invoices", headers=dave)).status_code == 401
    (line,) = [each for each in caplog.messages if "another audience" in each]
    assert f"{AUDIENCE!r}, and this is 'reports'" in line


async def test_another_address_than_tenantrys_is_told_at_the_start(live: Live) -> None:
    by_another_name = live.url.replace("127.0.0.1", "localhost")
    for address in (by_another_name, f"{live.url}/api/v1"):
        guard = AsyncGuard(address, audience=AUDIENCE)
        with pytest.raises(Misconfigured, match="TENANTRY_BASE_URL"):
            async with protect(invoices(), guard):
                pass
    with pytest.raises(ValueError, match="https"):
        AsyncGuard("tenantry.example.com", audience=AUDIENCE)


async def test_a_service_starts_before_tenantry_does(caplog: pytest.LogCaptureFixture) -> None:
    guard = AsyncGuard(f"http://127.0.0.1:{free_port()}", audience=AUDIENCE)
    async with running(invoices(), guard) as client:
        assert (await client.post("/workspaces/x/invoices")).status_code == 401
    assert any("does not answer yet" in line for line in caplog.messages)


async def test_a_path_without_the_parameter_is_told_at_the_start(live: Live) -> None:
    """Routes of routers of routers too, whatever their prefixes are."""
    needed = Depends(require("workspace:update", workspace="workspace_id"))
    inner = APIRouter(prefix="/invoices")

    @inner.get("/{number:int}", dependencies=[needed])
    async def one(number: int) -> int:
        return number

    outer = APIRouter()
    outer.include_router(inner)
    app = FastAPI()
    app.include_router(outer, prefix="/workspaces/{workspace_id}")
    async with protect(app, AsyncGuard(live.url, audience=AUDIENCE)):
        pass

    app.include_router(outer, prefix="/workspaces/{id}")
    with pytest.raises(ValueError, match=r"/workspaces/\{id\}/invoices/\{number:int\} has no path"):
        async with protect(app, AsyncGuard(live.url, audience=AUDIENCE)):
            pass


async def test_without_a_look_at_the_start_the_missing_parameter_is_named(
    live: Live, cast: Cast
) -> None:
    app, guard = FastAPI(), AsyncGuard(live.url, audience=AUDIENCE)
    app.state.tenantry = guard

    @app.get("/invoices", dependencies=[Depends(require("workspace:read", workspace="ws"))])
    async def listed() -> str:
        return "listed"

    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://invoices.test") as client:
        dave = bearer(live.organization_token(cast.dave, cast))
        with pytest.raises(ValueError, match="/invoices has no path parameter 'ws'"):
            await client.get("/invoices", headers=dave)
    await guard.close()


@pytest.mark.parametrize("permission", ["", "invoice", "invoice:", "Invoice:Read", "a:b:c", "é:b"])
def test_a_permission_that_could_be_none_is_refused_where_it_is_declared(permission: str) -> None:
    with pytest.raises(ValueError, match="is no permission"):
        require(permission)


def test_code_that_waits_is_told_the_same(live: Live, cast: Cast, key: str, admin: Admin) -> None:
    guard = Guard(live.url, audience=AUDIENCE, service_key=key, remember=0)
    guard.ensure_ready()
    dave = guard.verify(live.organization_token(cast.dave, cast))
    assert not guard.check(dave, "workspace:read", "nonsense").allowed
    with pytest.raises(Misconfigured, match="is no permission"):
        guard.check(dave, "nonsense")
    service_keys.revoke(admin, key)
    with pytest.raises(Misconfigured, match="refuses the service key"):
        guard.ensure_ready()
    guard.close()
    away = Guard(f"http://127.0.0.1:{free_port()}", audience=AUDIENCE)
    with pytest.raises(Unreachable):
        away.ensure_ready()
    away.close()
