"""A fresh install: every page that needs no id in its address opens, with nothing to show yet."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import httpx2
import pytest

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.http.access import Requirement
from tests.conftest import cheap_passwords
from tests.console.screens import PAGES, screen_at, signed_in
from tests.console.visitor import Visitor
from tests.support.cast import operator
from tests.support.postgres import TestPostgres

PLAIN = [
    path
    for path in PAGES
    if "{" not in path.replace("{org}", "")
    and screen_at(path).access is not Requirement.ANYONE
    and not screen_at(path).restores
]


@pytest.fixture(scope="module")
async def first(postgres: TestPostgres, parts: Parts) -> AsyncGenerator[Visitor]:
    """The only person there is, who runs the service, signed in."""
    url = postgres.fresh_database().service
    app = create_app(replace(parts, database_url=url, passwords=cheap_passwords()))
    assert isinstance(app, Application)
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=parts.base_url) as client,
    ):
        visitor = Visitor(client)
        secret = await signed_in(app.service, await operator(app.service, "Olga"))
        client.cookies.set(f"{visitor.prefix}tenantry-session", secret.text)
        yield visitor


@pytest.mark.parametrize("path", PLAIN)
async def test_it_opens_where_nothing_was_made_yet(first: Visitor, path: str) -> None:
    """Failed at /operator/permissions: a list that is empty asked for what it was not given."""
    listed = (await first.client.get("/organizations", follow_redirects=True)).text
    own = listed.partition('href="/organizations/')[2].partition('"')[0].partition("/")[0]

    answer = await first.client.get(path.replace("{org}", own))

    assert answer.status_code == 200, answer.text
