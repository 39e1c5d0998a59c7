"""The page for developers: URLs, ids, and a token decoder that sends nothing."""

from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, expect

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.conftest import BASE_URL
from tests.console.hands import Hands
from tests.console.screens import signed_in
from tests.support.cast import Cast
from tests.support.processes import CEILING


async def test_addresses_ids_and_examples_are_the_real_ones(
    api: httpx2.AsyncClient, service: Service, cast: Cast
) -> None:
    vera = await Hands.of(api, service, cast, cast.vera)
    text = (await vera.see("/developer")).text
    org_id = show(Kind.ORGANIZATION, cast.acme.organization.id)
    for shown in (
        f"<code>{BASE_URL}</code>",
        f"<code>{BASE_URL}/.well-known/jwks.json</code>",
        f"<code>{org_id}</code>",
        f"<code>{cast.workspace_id}</code>",
        f"/api/v1/organizations/{org_id}/members",
    ):
        assert shown in text
    assert (await vera.see("//.well-known/jwks.json")).status_code == 200


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_token_is_taken_apart_in_the_page_alone(
    browser: Browser, live_url: str, service: Service, cast: Cast, scripts: bool
) -> None:
    async with await browser.new_context(base_url=live_url, java_script_enabled=scripts) as context:
        context.set_default_timeout(CEILING * 1000)
        secret = await signed_in(service, cast.vera)
        kept: Any = {"name": "tenantry-session", "value": secret.text, "url": live_url}
        await context.add_cookies([kept])
        page = await context.new_page()
        await page.goto(f"/organizations/{cast.acme.organization.slug}/developer")
        await expect(page.get_by_role("heading", name="curl")).to_be_visible()
        if not scripts:
            await expect(page.get_by_text("Turn on JavaScript")).to_be_visible()
            await expect(page.get_by_label("Token", exact=True)).to_be_hidden()
            return
        asked = list[str]()
        page.on("request", lambda request: asked.append(request.url))
        token = page.get_by_label("Token", exact=True)
        await token.fill(cast.vera.token)
        await expect(page.locator("#decoded")).to_contain_text(cast.vera.id)
        await expect(page.get_by_role("status")).to_contain_text("Expires:")
        for wrong in ("x", "a.b.c", cast.vera.token.rpartition(".")[0]):
            await token.fill(wrong)
            await expect(page.get_by_role("status")).to_have_text("This is not a JSON Web Token.")
            await expect(page.locator("#decoded")).to_be_hidden()
        assert asked == []
