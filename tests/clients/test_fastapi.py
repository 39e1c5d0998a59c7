"""A FastAPI service that is protected by the guard, its bearers people of the cast."""

from collections.abc import AsyncGenerator
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI

from tenantry_client import AsyncGuard, Guard, OrganizationToken, PermissionDenied, Unreachable
from tenantry_client.fastapi import Of, authenticated, require
from tests.clients.conftest import Live
from tests.conftest import AUDIENCE
from tests.support.cast import Cast
from tests.support.issuer import bearer
from tests.support.processes import free_port

Reader = Annotated[OrganizationToken, Depends(require("workspace:read", workspace=Of.BEARER))]


def invoices(guard: AsyncGuard) -> FastAPI:
    """A service of somebody's product."""
    app = FastAPI()
    app.state.tenantry = guard

    @app.get("/me")
    async def me(bearer: Annotated[OrganizationToken, Depends(authenticated)]) -> str:
        return bearer.user_id

    @app.get("/invoices")
    async def listed(bearer: Reader) -> str:
        return bearer.organization_id

    @app.post("/invoices", dependencies=[Depends(require("workspace:create"))])
    async def created() -> str:
        return "created"

    @app.post(
        "/workspaces/{workspace_id}/invoices",
        dependencies=[Depends(require("workspace:update", workspace="workspace_id"))],
    )
    async def created_there(workspace_id: str) -> str:
        return workspace_id

    return app


def _calling(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://invoices.test")


@pytest.fixture
async def protected(live: Live) -> AsyncGenerator[httpx2.AsyncClient]:
    guard = AsyncGuard(live.url, audience=AUDIENCE)
    async with _calling(invoices(guard)) as client:
        yield client
    await guard.close()


async def test_who_may_is_let_in_and_known(
    protected: httpx2.AsyncClient, live: Live, cast: Cast
) -> None:
    dave = bearer(live.organization_token(cast.dave, cast))

    assert (await protected.get("/me", headers=dave)).json() == cast.dave.id
    assert (await protected.get("/invoices", headers=dave)).json() == cast.acme_path.split("/")[-1]
    assert (await protected.post("/invoices", headers=dave)).json() == "created"


async def test_who_may_not_is_told_what_is_missed(
    protected: httpx2.AsyncClient, live: Live, cast: Cast
) -> None:
    vera = bearer(live.organization_token(cast.vera, cast))

    answer = await protected.post("/invoices", headers=vera)

    assert answer.status_code == 403
    assert answer.json()["detail"]["required_permission"] == "workspace:create"
    assert (await protected.get("/invoices", headers=vera)).status_code == 200


async def test_a_workspaces_token_counts_there_and_nowhere_else(
    protected: httpx2.AsyncClient, live: Live, cast: Cast
) -> None:
    whole = bearer(live.organization_token(cast.dave, cast))
    there = bearer(live.organization_token(cast.dave, cast, cast.workspace_id))
    place = f"/workspaces/{cast.workspace_id}/invoices"

    assert (await protected.post(place, headers=there)).json() == cast.workspace_id
    assert (await protected.get("/invoices", headers=there)).status_code == 200
    assert (await protected.post("/workspaces/ws_other/invoices", headers=there)).status_code == 403
    assert (await protected.post(place, headers=whole)).status_code == 403
    assert (await protected.post("/invoices", headers=there)).status_code == 403


async def test_without_a_good_token_no_one_is_let_in(
    protected: httpx2.AsyncClient, live: Live, cast: Cast
) -> None:
    nothing = await protected.get("/me")
    basic = await protected.get("/me", headers={"Authorization": "Basic eDp5"})
    access = await protected.get("/me", headers=bearer(live.access_token(cast.alice)))

    for answer, challenge in (
        (nothing, "Bearer"),
        (basic, "Bearer"),
        (access, 'Bearer error="invalid_token"'),
    ):
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, challenge)
        assert answer.json() == {"detail": {"code": "unauthenticated"}}


async def test_while_no_keys_can_be_had_it_is_unavailable(live: Live, cast: Cast) -> None:
    guard = AsyncGuard(f"http://127.0.0.1:{free_port()}", audience=AUDIENCE)
    async with _calling(invoices(guard)) as client:
        answer = await client.get("/me", headers=bearer(live.organization_token(cast.dave, cast)))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    await guard.close()


async def test_a_service_without_a_guard_lets_no_one_in(live: Live, cast: Cast) -> None:
    app = invoices(AsyncGuard(live.url, audience=AUDIENCE))
    del app.state.tenantry
    async with _calling(app) as client:
        with pytest.raises(TypeError):
            await client.get("/me", headers=bearer(live.organization_token(cast.dave, cast)))


def test_code_that_waits_has_a_guard_too(live: Live, cast: Cast) -> None:
    guard = Guard(live.url, audience=AUDIENCE)
    dave = live.organization_token(cast.dave, cast)

    assert guard.require(dave, "workspace:create").user_id == cast.dave.id
    with pytest.raises(PermissionDenied):
        guard.require(dave, "member:invite")
    guard.close()


def test_a_guard_that_cannot_ask_says_neither_yes_nor_no(live: Live, cast: Cast) -> None:
    there = Guard(live.url, audience=AUDIENCE)
    dave = there.verify(live.organization_token(cast.dave, cast))
    away = Guard(f"http://127.0.0.1:{free_port()}", audience=AUDIENCE, service_key="tnt_service_x")
    with pytest.raises(Unreachable):
        away.check(dave, "workspace:create")
    there.close()
    away.close()
