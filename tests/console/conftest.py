"""A scene for the pages, and a real browser to look at them with."""

import os
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from playwright.async_api import Browser, Page, async_playwright

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tests.cast import Cast
from tests.console.scene import Scene

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

ClientOf = Callable[..., Awaitable[httpx2.AsyncClient]]


@pytest.fixture
def scene(
    api: httpx2.AsyncClient, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Scene:
    """What happens before."""
    return Scene(api, mailbox, cast, admin)


@pytest.fixture
async def client_of(parts: Parts) -> AsyncGenerator[ClientOf]:
    """Makes clients of a service that differs from the usual one in the parts that are named."""
    async with AsyncExitStack() as stack:

        async def made(**differences: Any) -> httpx2.AsyncClient:
            different = replace(parts, **{"passwords": None, **differences})
            app = create_app(different)
            assert isinstance(app, Application)
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            client = httpx2.AsyncClient(transport=transport, base_url=different.base_url)
            return await stack.enter_async_context(client)

        yield made


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """A browser of this machine's own; the tests that need one are skipped where there is none."""
    found = os.environ.get("TENANTRY_TEST_BROWSER") or next(
        filter(None, map(shutil.which, _BROWSERS)), None
    )
    if found is None:
        pytest.skip("there is no browser here: install chromium to run these tests")
    async with async_playwright() as playwright:
        # As root, in a container, Chromium has no sandbox; it visits nothing but our own pages.
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
async def page(
    request: pytest.FixtureRequest, browser: Browser, live_url: str
) -> AsyncGenerator[Page]:
    """A fresh page, once with JavaScript switched on and once off."""
    async with await browser.new_context(
        base_url=live_url, java_script_enabled=request.param
    ) as context:
        yield await context.new_page()
