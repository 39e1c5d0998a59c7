"""A scene for the pages, and a real browser to look at them with."""

import os
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tenantry.api.application import Application
from tenantry.http.service import Service
from tests.conftest import BASE_URL
from tests.console.screens import At, furnished, signed_in
from tests.console.visitor import Visitor
from tests.support.api.networks import somewhere
from tests.support.cast import Cast, Player, assemble
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING
from tests.support.scene import Scene

SignedIn = Callable[[Player], Awaitable[Visitor]]

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
"""By what names a browser may be installed."""


@pytest.fixture
def scene(
    api: httpx2.AsyncClient, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Scene:
    """What happens before."""
    return Scene(api, mailbox, cast, admin)


@pytest.fixture
def visitor(api: httpx2.AsyncClient) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(api)


@pytest.fixture
async def at(api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any]) -> At:
    """The address of each screen, with something to show on every one of them."""
    return await furnished(api, cast, admin)


@pytest.fixture(scope="module")
async def furnished_cast(
    app: Application, service: Service, postgres: TestPostgres
) -> tuple[Cast, At]:
    """People, and the address of each screen, for all tests of a module that only look."""
    cast, transport = await assemble(service), httpx2.ASGITransport(app, client=somewhere())
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as api:
        with postgres.admin() as admin:
            return cast, await furnished(api, cast, admin)


@pytest.fixture
def sign_in(visitor: Visitor, service: Service) -> SignedIn:
    """Gives the visitor a new session of a player."""

    async def signing_in(someone: Player) -> Visitor:
        secret = await signed_in(service, someone)
        visitor.client.cookies.set(f"{visitor.prefix}tenantry-session", secret.text)
        return visitor

    return signing_in


expect.set_options(timeout=CEILING * 1000)


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """A browser of this machine's own; the tests that need one are skipped where there is none."""
    found = os.environ.get("TENANTRY_TEST_BROWSER") or next(
        filter(None, map(shutil.which, BROWSERS)), None
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
        context.set_default_timeout(CEILING * 1000)
        yield await context.new_page()
        await context.unroute_all(behavior="wait")  # what is fulfilled now still needs its page
