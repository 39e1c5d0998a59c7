"""How every refusal is told (RFC 9457), and the id by which a request is found again."""

import httpx2
import pytest

from tests.http.responses import API, ORGANIZATIONS, told
from tests.support.cast import Cast

ME = f"{API}/me"


async def test_a_problem_has_these_members_and_no_others(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    no_one = await api.get(ME)
    denied = await api.get(f"{cast.acme_path}/events", headers=cast.vera.headers)
    wrong = await api.post(ORGANIZATIONS, json={}, headers=cast.vera.headers)

    usual = {"type", "title", "status", "detail", "code", "request_id"}
    assert set(no_one.json()) == usual
    assert set(denied.json()) == usual | {"required_permission"}
    assert set(wrong.json()) == usual | {"errors"}
    assert set(wrong.json()["errors"][0]) == {"pointer", "detail"}


async def test_a_problem_is_kept_by_no_one(api: httpx2.AsyncClient) -> None:
    answer = await api.get(ME)

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (answer.json()["type"], answer.json()["title"]) == ("about:blank", "Unauthorized")


@pytest.mark.parametrize("given", ["a-b_c.d-12345678", "x" * 8, "x" * 64])
async def test_a_well_formed_request_id_is_taken_over(
    api: httpx2.AsyncClient, cast: Cast, given: str
) -> None:
    good = await api.get(ME, headers={**cast.alice.headers, "X-Request-ID": given})
    refused = await api.get(ME, headers={"X-Request-ID": given})

    assert good.headers["x-request-id"] == given
    assert refused.headers["x-request-id"] == refused.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with spaces in", "<script>alert(1)"])
async def test_any_other_is_replaced_by_one_of_ours(api: httpx2.AsyncClient, given: str) -> None:
    answer = await api.get(ME, headers={"X-Request-ID": given})

    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.json()["request_id"].startswith("req_")


async def test_no_two_requests_share_an_id(api: httpx2.AsyncClient) -> None:
    seen = {(await api.get("/healthz")).headers["x-request-id"] for _ in range(20)}

    assert len(seen) == 20


async def test_pages_and_files_bear_request_ids_as_well(api: httpx2.AsyncClient) -> None:
    for path in ("/docs", "/openapi.json", "/healthz", "/nowhere", "/verify-email"):
        answer = await api.get(path, headers={"X-Request-ID": "from-the-shop-1"})
        assert answer.headers["x-request-id"] == "from-the-shop-1"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_challenge_says_whether_a_token_was_shown(api: httpx2.AsyncClient) -> None:
    challenges = {
        "": "Bearer",
        "Basic dXNlcjpwYXNz": "Bearer",
        "Bearer": "Bearer",
        "Bearer ": "Bearer",
        "Bearer nonsense": 'Bearer error="invalid_token"',
        "bearer nonsense": 'Bearer error="invalid_token"',
    }
    for given, challenge in challenges.items():
        answer = await api.get(ME, headers={"Authorization": given})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == challenge


async def test_the_scheme_may_be_written_in_any_case(api: httpx2.AsyncClient, cast: Cast) -> None:
    for scheme in ("bearer", "BEARER", "Bearer "):
        headers = {"Authorization": f"{scheme} {cast.alice.token}"}
        assert (await api.get(ME, headers=headers)).status_code == 200


async def test_what_stands_nowhere_is_not_found(api: httpx2.AsyncClient, cast: Cast) -> None:
    nowhere = ["/api", API, "/API/V1/me", f"{API}/nowhere", "//api/v1/me", f"{API}//me"]
    for path in (*nowhere, f"{ME}/x", "/healthz/x", "/docs/x", "/docs/../../etc/passwd"):
        for method in ("GET", "POST"):
            answer = await api.request(method, path, headers=cast.alice.headers)
            assert told(answer) == (404, "not_found"), path


@pytest.mark.parametrize("path", [ORGANIZATIONS, ME, f"{API}/auth/sign-up", "/healthz", "/docs"])
async def test_a_newline_behind_a_path_leads_nowhere(
    api: httpx2.AsyncClient, cast: Cast, path: str
) -> None:
    for method in ("GET", "POST", "HEAD"):
        answer = await api.request(method, f"{path}%0A", headers=cast.alice.headers)
        assert answer.status_code == 404
