"""Slashes at the end, HEAD, OPTIONS, and methods that a path does not take."""

import httpx2
import pytest

from tenantry.api.routes import OPERATIONS
from tenantry.http.service import Service
from tests.console.hands import Hands
from tests.http.responses import API, ORGANIZATIONS, path_of, told
from tests.support.cast import Cast

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def _allowed(cast: Cast) -> dict[str, set[str]]:
    """Every path with the methods that it takes."""
    allowed = dict[str, set[str]]()
    for operation in OPERATIONS:
        methods = allowed.setdefault(path_of(operation, cast), {"OPTIONS"})
        methods |= {"GET", "HEAD"} if operation.method == "GET" else {operation.method}
    return allowed


async def test_a_slash_at_the_end_makes_no_difference(api: httpx2.AsyncClient, cast: Cast) -> None:
    for path in (ORGANIZATIONS, cast.acme_path, f"{cast.acme_path}/roles", f"{API}/me"):
        plain = await api.get(path, headers=cast.alice.headers)
        slashed = await api.get(f"{path}/", headers=cast.alice.headers)
        twice = await api.get(f"{path}//", headers=cast.alice.headers)

        assert (slashed.status_code, slashed.content) == (200, plain.content)
        assert slashed.headers.get("link") == plain.headers.get("link")
        assert twice.status_code == 404


async def test_a_slash_inside_a_segment_parts_nothing(
    api: httpx2.AsyncClient, service: Service, cast: Cast
) -> None:
    """Fails, with a member removed, where the path is decoded before it is split: tried."""
    vera = f"{cast.acme_path}/members/{cast.vera.member_id}"
    for path in (
        f"{cast.acme_path}%2Fmembers/{cast.vera.member_id}",
        f"{cast.acme_path}/members%2f{cast.vera.member_id}",
        f"{cast.acme_path.replace('/organizations', '%2Forganizations')}/members",
        f"{vera}%2F",
        f"{vera}/%2F",
    ):
        answer = await api.delete(path, headers=cast.alice.headers)
        assert told(answer) == (404, "not_found"), path
    assert (await api.get(vera, headers=cast.alice.headers)).status_code == 200

    alice = await Hands.of(api, service, cast, cast.alice)
    whole = alice.base
    for path in (
        f"{whole}%2Fpeople",
        f"{whole}/people%2F{cast.vera.member_id}",
        "/organizations%2Fnew",
        "/.well-known%2fjwks.json",
        "/docs%2Fstart.js",
    ):
        assert (await api.get(path)).status_code == 404, path
        assert (await api.get(path.replace("%2F", "/").replace("%2f", "/"))).status_code == 200


@pytest.mark.parametrize(
    "path", ["/organizations%2Fnew", "/nowhere%2F", "/nowhere%0A", "/sign-in%0A"]
)
async def test_a_browser_is_told_in_words_that_there_is_no_such_address(
    api: httpx2.AsyncClient, path: str
) -> None:
    """Failed with a problem document, which is for programs."""
    page = await api.get(path, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert told(await api.get(path)) == (404, "not_found")


async def test_writing_needs_no_redirect_either(api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await api.post(
        f"{ORGANIZATIONS}/", json={"name": "Slashed"}, headers=cast.alice.headers
    )

    assert answer.status_code == 201
    assert answer.headers["location"] == f"{ORGANIZATIONS}/{answer.json()['id']}"


async def test_every_path_names_all_its_methods(api: httpx2.AsyncClient, cast: Cast) -> None:
    for path, allowed in _allowed(cast).items():
        options = await api.options(path)
        assert (options.status_code, options.content) == (204, b"")
        assert set(options.headers["allow"].split(", ")) == allowed
        for method in set(METHODS) - allowed:
            answer = await api.request(method, path)
            assert answer.status_code == 405, (method, path)
            assert answer.headers["allow"] == options.headers["allow"]


async def test_a_method_that_is_not_taken_is_a_problem(api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await api.put(ORGANIZATIONS, json={}, headers=cast.alice.headers)

    assert told(answer) == (405, "method_not_allowed")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/openapi.json", "/version"])
async def test_so_it_is_with_what_is_no_call(api: httpx2.AsyncClient, path: str) -> None:
    answer = await api.delete(path)

    assert told(answer) == (405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_head_changes_nothing_and_brings_no_body(api: httpx2.AsyncClient, cast: Cast) -> None:
    got = await api.get(cast.acme_path, headers=cast.alice.headers)
    headed = await api.head(cast.acme_path, headers=cast.alice.headers)
    known = await api.head(
        cast.acme_path, headers={**cast.alice.headers, "If-None-Match": got.headers["etag"]}
    )
    no_one = await api.head(cast.acme_path)

    assert (headed.status_code, headed.content) == (200, b"")
    assert headed.headers["etag"] == got.headers["etag"]
    assert headed.headers["content-length"] == got.headers["content-length"]
    assert (known.status_code, no_one.status_code) == (304, 401)
