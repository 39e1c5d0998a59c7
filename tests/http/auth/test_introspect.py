"""POST /api/v1/auth/introspect (RFC 7662): what is so about a token at this moment."""

from base64 import b64encode
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tenantry.kit import bearer_keys
from tests.authz.token_forge import opened
from tests.http.token_exchange import organization_token
from tests.support.api import service_keys
from tests.support.api.signed_in import Tokens, sign_in
from tests.support.cast import Cast
from tests.support.issuer import bearer

INTROSPECT = "/api/v1/auth/introspect"
INACTIVE = {"active": False}
CLAIMS = ("iss", "aud", "sub", "sid", "client_id", "jti", "iat", "exp")


@pytest.fixture
def key(admin: psycopg.Connection[Any]) -> str:
    return service_keys.planted(admin)


async def introspected(api: httpx2.AsyncClient, key: str, token: str) -> dict[str, Any]:
    """What a service of the product is told of a token."""
    answer = await api.post(INTROSPECT, data={"token": token}, headers=bearer(key))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


async def test_a_token_that_is_good_says_what_it_says(
    api: httpx2.AsyncClient, cast: Cast, key: str
) -> None:
    acme = cast.acme.organization.slug
    held = await organization_token(api, cast.dave.token, acme, workspace=cast.workspace_id)
    access, there = opened(cast.dave.token, 1), opened(held, 1)

    of_access = await introspected(api, key, cast.dave.token)
    of_held = await introspected(api, key, held)

    fixed = {"active": True, "token_type": "Bearer"}
    assert of_access == {**fixed, **{name: access[name] for name in CLAIMS}}
    assert of_held == {**fixed, **there}


async def test_it_is_active_by_what_is_so_now(
    api: httpx2.AsyncClient, cast: Cast, key: str
) -> None:
    """A demotion is in the answer at once; a removal and a sign-out make it inactive."""
    acme, members = cast.acme.organization.slug, f"{cast.acme_path}/members"
    dave = await organization_token(api, cast.dave.token, acme)
    session = Tokens.of(await sign_in(api, cast.vera.actor.email))
    vera = await organization_token(api, session.access, acme)

    path = f"{members}/{cast.dave.member_id}"
    await api.patch(path, json={"role": "viewer"}, headers=cast.alice.headers)
    demoted = await introspected(api, key, dave)
    await api.delete(path, headers=cast.alice.headers)
    removed = await introspected(api, key, dave)
    await api.post("/api/v1/auth/sign-out", headers=session.headers)

    assert demoted["role"] == "viewer"
    assert "workspace:create" not in demoted["permissions"]
    assert removed == INACTIVE
    assert (await introspected(api, key, cast.dave.token))["active"] is True
    assert await introspected(api, key, vera) == INACTIVE
    assert await introspected(api, key, session.access) == INACTIVE


async def test_a_workspace_that_is_seen_no_more_makes_its_tokens_inactive(
    api: httpx2.AsyncClient, cast: Cast, key: str
) -> None:
    acme, alice = cast.acme.organization.slug, cast.alice.headers
    made = await api.post(f"{cast.acme_path}/workspaces", json={"name": "Lab"}, headers=alice)
    lab = made.json()["id"]
    held = await organization_token(api, cast.vera.token, acme, workspace=lab)
    assert (await introspected(api, key, held))["workspace_id"] == lab

    path = f"{cast.acme_path}/workspaces/{lab}"
    await api.patch(path, json={"visibility": "private"}, headers=alice)

    assert await introspected(api, key, held) == INACTIVE


async def test_no_one_is_let_in_by_what_is_no_access_token(
    api: httpx2.AsyncClient, cast: Cast, key: str
) -> None:
    refresh = Tokens.of(await sign_in(api, cast.vera.actor.email)).refresh
    for token in (refresh, key, f"{cast.vera.token}x", "x", "A" * 43, "é" * 9000):
        assert await introspected(api, key, token) == INACTIVE


async def test_the_key_may_be_the_password_of_http_basic(
    api: httpx2.AsyncClient, cast: Cast, key: str
) -> None:
    credentials = b64encode(f"invoices:{key}".encode()).decode()
    answer = await api.post(
        INTROSPECT,
        data={"token": cast.vera.token, "token_type_hint": "access_token"},
        headers={"Authorization": f"Basic {credentials}"},
    )
    assert (answer.status_code, answer.json()["active"]) == (200, True)


async def test_only_a_living_service_key_is_told_anything(
    api: httpx2.AsyncClient, cast: Cast, key: str, admin: psycopg.Connection[Any]
) -> None:
    ended, unknown = service_keys.planted(admin), bearer_keys.new_key(bearer_keys.SERVICE_KEY).text
    service_keys.revoke(admin, ended)
    headers = [
        {},
        *(bearer(each) for each in (cast.alice.token, ended, unknown, f"{key}x", "")),
        bearer(bearer_keys.new_key(bearer_keys.API_KEY).text),
        *(
            {"Authorization": f"Basic {said}"}
            for said in ("!", "", b64encode(b"\xff").decode(), b64encode(key.encode()).decode())
        ),
        {"Authorization": f"Digest {key}"},
    ]
    for header in headers:
        for token in (cast.alice.token, "x"):
            answer = await api.post(INTROSPECT, data={"token": token}, headers=header)
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
            assert answer.headers["www-authenticate"] == 'Basic realm="tenantry", Bearer'


async def test_it_asks_the_database_once(
    api: httpx2.AsyncClient,
    cast: Cast,
    key: str,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = await organization_token(api, cast.vera.token, cast.acme.organization.slug)
    messages, exchange = list[int](), type(service.database).execute

    async def counted(self: Any, calls: Any) -> Any:
        messages.append(len(calls))
        return await exchange(self, calls)

    monkeypatch.setattr(type(service.database), "execute", counted)
    for token in (held, cast.vera.token):
        await introspected(api, key, token)
    assert messages == [2, 2]


async def test_without_a_token_there_is_nothing_to_tell(api: httpx2.AsyncClient, key: str) -> None:
    answer = await api.post(INTROSPECT, data={"token": ""}, headers=bearer(key))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
