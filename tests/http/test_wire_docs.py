"""/docs: Swagger UI from this server alone."""

import re

import httpx2
import pytest

_FILES = re.compile(r'(?:src|href)="([^"]+)"')


async def test_the_page_and_its_files_come_from_here(api: httpx2.AsyncClient) -> None:
    page = await api.get("/docs")

    files = [file for file in _FILES.findall(page.text) if not file.startswith("data:")]
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len(files) == 3
    for file in files:
        assert file.startswith("/docs/")
        assert (await api.get(file)).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js"])
async def test_nothing_of_ours_names_a_third_party(api: httpx2.AsyncClient, path: str) -> None:
    served = (await api.get(path)).text

    assert "//" not in served
    assert "http" not in served


async def test_the_style_sheet_loads_nothing(api: httpx2.AsyncClient) -> None:
    served = (await api.get("/docs/swagger-ui.css")).text

    assert "@import" not in served
    assert all(url.startswith("data:") for url in re.findall(r'url\(["\']?([^)"\']+)', served))


async def test_the_browser_is_told_to_load_nothing_from_elsewhere(
    api: httpx2.AsyncClient,
) -> None:
    policy = (await api.get("/docs")).headers["content-security-policy"]

    assert policy.startswith("default-src 'self';")
    assert "'unsafe-eval'" not in policy
    assert "script-src" not in policy
    assert "http" not in policy


async def test_the_page_starts_with_our_document_and_no_outside_validator(
    api: httpx2.AsyncClient,
) -> None:
    script = (await api.get("/docs/start.js")).text

    assert 'url: "/openapi.json"' in script
    assert "validatorUrl: null" in script


async def test_files_beside_it_are_not_served(api: httpx2.AsyncClient) -> None:
    for path in ("/docs/docs.html", "/docs/..%2f..%2fapp.py", "/docs/%2e%2e/app.py"):
        assert (await api.get(path)).status_code == 404
