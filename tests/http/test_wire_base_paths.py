"""A base URL with a path: every address that is told has it, and both kinds of proxies do."""

import re
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest

from tests.conftest import ClientOf
from tests.support.cast import PASSWORD, Cast

HOST = "https://example.com"
BASE = f"{HOST}/tenants"
ADDRESSES = re.compile(r'(?:href|src|action)="([^"]*)"')

Proxies = pytest.mark.parametrize("passed_on", [BASE, HOST], ids=["kept", "taken off"])
"""What the proxy makes of an address before it passes it on."""


@pytest.fixture
async def under(client_of: ClientOf) -> httpx2.AsyncClient:
    """A service whose base URL has a path."""
    return await client_of(base_url=BASE)


async def signed_in(under: httpx2.AsyncClient, cast: Cast) -> dict[str, str]:
    """Bob's headers there."""
    form = {"grant_type": "password", "username": cast.bob.actor.email, "password": PASSWORD}
    answer = await under.post(f"{BASE}/api/v1/auth/token", data=form)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@Proxies
async def test_what_was_made_is_found_where_the_answer_says(
    under: httpx2.AsyncClient, cast: Cast, passed_on: str
) -> None:
    headers, path = await signed_in(under, cast), f"{passed_on}/api/v1/organizations"
    made = [await under.post(path, json={"name": "Under"}, headers=headers) for _ in range(2)]

    location = made[0].headers["location"]
    assert location == f"/tenants/api/v1/organizations/{made[0].json()['id']}"
    found = await under.get(HOST + location, headers=headers)
    assert found.json()["id"] == made[0].json()["id"]
    page = await under.get(path, params={"limit": 1}, headers=headers)
    assert page.links["next"]["url"].startswith(f"{BASE}/api/v1/organizations?limit=1&after=")
    assert (await under.get(page.links["next"]["url"], headers=headers)).status_code == 200


@Proxies
async def test_the_reference_and_its_document_say_where_the_calls_are(
    under: httpx2.AsyncClient, passed_on: str
) -> None:
    page = await under.get(f"{passed_on}/docs")
    files = [file for file in ADDRESSES.findall(page.text) if not file.startswith("data:")]
    assert len(files) == 3
    for file in files:
        assert file.startswith("/tenants/docs/")
        assert (await under.get(HOST + file)).status_code == 200
    script = (await under.get(f"{passed_on}/docs/start.js")).text
    assert 'url: "/tenants/openapi.json"' in script

    document: dict[str, Any] = (await under.get(f"{passed_on}/openapi.json")).json()
    assert document["servers"] == [{"url": "/tenants"}]
    (flow,) = document["components"]["securitySchemes"]["password"]["flows"].values()
    assert flow["tokenUrl"] == flow["refreshUrl"] == "/tenants/api/v1/auth/token"
    call = urljoin(BASE, document["servers"][0]["url"]) + "/api/v1/me"
    assert (await under.get(call)).status_code == 401


@Proxies
async def test_pages_and_cookies_stay_under_the_path(
    under: httpx2.AsyncClient, cast: Cast, passed_on: str
) -> None:
    shown = await under.get(f"{passed_on}/sign-in")
    told = [*ADDRESSES.findall(shown.text), shown.headers["set-cookie"].partition("Path=")[2]]
    assert len(told) > 5
    assert [each for each in told if not each.startswith(("/tenants", "#"))] == []
    assert "__Secure-tenantry-visitor=" in shown.headers["set-cookie"]
    assert "; Path=/tenants; " in shown.headers["set-cookie"]

    token = re.search('name="form_token" value="([^"]+)"', shown.text)
    assert token is not None
    form = {"form_token": token[1], "email": cast.bob.actor.email, "password": PASSWORD}
    answer = await under.post(f"{BASE}/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tenants/")
    assert (await under.get(f"{BASE}/organizations")).status_code == 200
    assert (await under.get(f"{HOST}/organizations")).status_code == 303  # no cookie of ours there


async def test_discovery_is_where_rfc_8414_looks_for_it(under: httpx2.AsyncClient) -> None:
    """Section 3.1: between the host and the path of the issuer."""
    for address in (
        f"{HOST}/.well-known/oauth-authorization-server/tenants",
        f"{BASE}/.well-known/oauth-authorization-server",
        f"{HOST}/.well-known/oauth-authorization-server",
    ):
        found = (await under.get(address)).json()
        assert found["issuer"] == BASE
        assert (await under.get(found["jwks_uri"])).status_code == 200


@pytest.mark.parametrize("path", ["/api", "/api/v1", "/docs", "/a/b"])
async def test_a_path_may_be_called_like_one_of_our_own(client_of: ClientOf, path: str) -> None:
    under = await client_of(base_url=HOST + path)
    for ours in ("/api/v1/me", "/healthz", "/openapi.json", "/docs/start.js", "/sign-in"):
        kept, taken_off = [await under.get(HOST + each) for each in (path + ours, ours)]
        assert kept.status_code == taken_off.status_code
        assert kept.status_code in (200, 401), ours


async def test_elsewhere_there_is_nothing(under: httpx2.AsyncClient) -> None:
    for path in ("/tenantsapi/v1/me", "/tenants/tenants/healthz", "/other/healthz", "/tenants//"):
        assert (await under.get(HOST + path)).status_code == 404, path
    assert (await under.get(f"{HOST}/tenants%2Fhealthz")).status_code == 404
