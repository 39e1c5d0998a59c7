"""What answers where no page is: words for a browser, a problem for a program, and slashes."""

import httpx2
import pytest

from tenantry.api.application import prefers_html
from tests.conftest import ClientOf
from tests.http.responses import told

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
UNKNOWN = ("/nowhere", "/organizations/acme/nowhere", "/nowhere/", "/sign-in/nowhere/")


@pytest.mark.parametrize("path", UNKNOWN)
async def test_a_browser_is_explained(api: httpx2.AsyncClient, path: str) -> None:
    answer = await api.get(path, headers={"Accept": BROWSER, "Accept-Language": "de"})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert '<html lang="de"' in answer.text
    assert answer.headers["x-request-id"] in answer.text


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/json, text/html;q=0.5", "text/html;q=0"]
)
async def test_a_program_is_shown_by_a_problem(
    api: httpx2.AsyncClient, path: str, accept: str
) -> None:
    answer = await api.get(path, headers={"Accept": accept})
    assert told(answer) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/v1/", "/api/nowhere"])
async def test_under_the_api_everyone_is_shown_by_a_problem(
    api: httpx2.AsyncClient, path: str
) -> None:
    answer = await api.get(path, headers={"Accept": BROWSER})
    assert told(answer) == (404, "not_found")


async def test_a_browser_that_sends_where_nothing_is_sent_is_explained(
    api: httpx2.AsyncClient,
) -> None:
    answer = await api.post("/operator", headers={"Accept": BROWSER})
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert "Go back, reload the page" in answer.text
    assert told(await api.post("/operator")) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/sign-in", "/organizations/acme/people", "/docs", "/healthz"])
@pytest.mark.parametrize("slashes", ["/", "//"])
async def test_a_slash_at_the_end_of_a_page_leads_to_the_page(
    api: httpx2.AsyncClient, path: str, slashes: str
) -> None:
    for accept in (BROWSER, "*/*"):
        answer = await api.get(f"{path}{slashes}?next=/a&x=%20", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (307, f"{path}?next=/a&x=%20")


async def test_a_slash_at_the_end_leads_nowhere_else(api: httpx2.AsyncClient) -> None:
    for path in ("//elsewhere.example/", "//", "/organizations//acme/", "/static/nothing/"):
        answer = await api.get(f"http://tenantry.test{path}")
        assert answer.status_code in (307, 404)
        assert not answer.headers.get("location", "/").startswith("//")
    assert (await api.post("/sign-in/")).status_code == 404


async def test_under_a_path_of_a_larger_site_it_leads_there(client_of: ClientOf) -> None:
    under = await client_of(base_url="https://example.com/tenants")
    answer = await under.get("https://example.com/sign-in/")
    assert answer.headers["location"] == "/tenants/sign-in"


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("TEXT/HTML; q=0.9, application/json;q=0.9", True),
        ("", False),
        ("*/*", False),
        ("application/problem+json, text/html;q=0.9", False),
        ("text/html;q=none", False),
        (";;,,;q=", False),
    ],
)
def test_who_wants_html_says_so(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html
