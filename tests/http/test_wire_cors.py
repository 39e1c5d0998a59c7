"""Pages of other origins: those that are allowed read answers, and no others."""

import httpx2
import pytest

from tests.conftest import ClientOf
from tests.http.responses import ORGANIZATIONS
from tests.support.cast import Cast

SHOP = "https://shop.example"
PREFLIGHT = {
    "Origin": SHOP,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization, content-type, if-match, idempotency-key",
}


@pytest.fixture
async def open_api(client_of: ClientOf) -> httpx2.AsyncClient:
    """A service that lets one shop in."""
    return await client_of(allowed_origins=(SHOP, "https://app.example:8443"))


async def test_an_allowed_origin_may_read(open_api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await open_api.get(ORGANIZATIONS, headers={**cast.alice.headers, "Origin": SHOP})

    exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["vary"] == "Authorization, Origin"
    assert {"etag", "link", "location", "x-request-id", "retry-after"} <= set(exposed)
    assert "access-control-allow-credentials" not in answer.headers


async def test_an_allowed_origin_is_told_of_refusals_too(open_api: httpx2.AsyncClient) -> None:
    for path, status in ((ORGANIZATIONS, 401), ("/nowhere", 404), (f"{ORGANIZATIONS}%0A", 404)):
        answer = await open_api.get(path, headers={"Origin": SHOP})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == SHOP


async def test_any_other_origin_may_not(open_api: httpx2.AsyncClient, cast: Cast) -> None:
    for origin in ("https://evil.example", "http://shop.example", f"{SHOP}.evil.example", "null"):
        headers = {**cast.alice.headers, "Origin": origin}
        answer = await open_api.get(ORGANIZATIONS, headers=headers)
        asked = await open_api.options(ORGANIZATIONS, headers={**PREFLIGHT, "Origin": origin})

        assert "access-control-allow-origin" not in answer.headers
        assert asked.status_code == 400
        assert "access-control-allow-origin" not in asked.headers


async def test_every_method_and_header_of_the_api_may_be_asked_for(
    open_api: httpx2.AsyncClient,
) -> None:
    for method in ("GET", "HEAD", "POST", "PATCH", "DELETE"):
        answer = await open_api.options(
            ORGANIZATIONS, headers={**PREFLIGHT, "Access-Control-Request-Method": method}
        )
        assert answer.status_code == 200, method
        assert answer.headers["access-control-allow-origin"] == SHOP
    for header in ("if-none-match", "x-request-id"):
        answer = await open_api.options(
            ORGANIZATIONS, headers={**PREFLIGHT, "Access-Control-Request-Headers": header}
        )
        assert answer.status_code == 200, header


async def test_where_no_origin_is_allowed_none_is(api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await api.get(ORGANIZATIONS, headers={**cast.alice.headers, "Origin": SHOP})
    asked = await api.options(ORGANIZATIONS, headers=PREFLIGHT)

    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-origin" not in asked.headers


async def test_keys_are_for_everybody(api: httpx2.AsyncClient) -> None:
    answer = await api.get("/.well-known/jwks.json", headers={"Origin": "https://any.example"})

    assert answer.headers["access-control-allow-origin"] == "*"
