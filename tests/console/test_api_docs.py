"""The page of the API's document, in a real browser: what it fills in can be sent unchanged."""

import json
import re

from playwright.async_api import Browser, Page, expect
from tools.openapi import examples

from tests.support.cast import PASSWORD, Cast
from tests.support.processes import CEILING

SENT = (
    ("post", "/api/v1/auth/password/forgot", "auth.forget_password", "202"),
    ("post", "/api/v1/organizations", "organizations.create", "201"),
    ("post", "/api/v1/check", "access.check", "200"),
    ("patch", "/api/v1/me", "me.update", "200"),
)


async def test_what_the_page_fills_in_is_accepted(
    browser: Browser, live_url: str, cast: Cast
) -> None:
    async with await browser.new_context(base_url=live_url) as context:
        context.set_default_timeout(CEILING * 1000)
        page = await context.new_page()
        await page.goto("/docs")
        await _authorize(page, cast.charlie.actor.email)
        for method, path, operation, status in SENT:
            block = page.locator(f".opblock-{method}", has=page.locator(f"[data-path='{path}']"))
            await block.locator(".opblock-summary-control").click()

            filled = await block.locator("textarea.body-param__text").input_value()
            assert json.loads(filled) == examples.BODIES[operation]
            await block.get_by_role("button", name="Execute").click()

            answered = block.locator(".live-responses-table .response-col_status").last
            await expect(answered).to_have_text(re.compile(f"^{status}"))


async def _authorize(page: Page, email: str) -> None:
    await page.locator("button.authorize").first.click()
    dialog = page.locator(".auth-container")
    await dialog.locator("#oauth_username").fill(email)
    await dialog.locator("#oauth_password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Apply given OAuth2 credentials").click()
    await expect(dialog.get_by_role("button", name="Remove authorization")).to_be_visible()
    await page.locator("button.btn-done").click()
