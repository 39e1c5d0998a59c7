"""Every page in a real browser: axe-core finds nothing, and nothing is wider than a phone."""

from importlib import resources
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page

from tenantry.http.access import Requirement
from tenantry.http.service import Service
from tests.console.screens import PAGES, At, screen_at, signed_in
from tests.support.cast import Cast

OF_PEOPLE = [path for path in PAGES if screen_at(path).access is not Requirement.OPERATOR]

# The package brings axe-core as one file; a page of ours could not load it, an evaluation can.
_AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
_FOUND = ".then(all => all.violations.map(each => [each.id, each.nodes.map(n => n.html)]))"
_ALL = f"axe.run(){_FOUND}"
# What a scheme can change: it has colours of its own, and nothing else.
_COLOURS = f"axe.run({{runOnly: ['color-contrast', 'link-in-text-block']}}){_FOUND}"
_RULES: dict[Literal["light", "dark"], str] = {"light": _ALL, "dark": _COLOURS}
_WIDTHS = (1280, 390)
_WIDEST = "Math.ceil(document.documentElement.scrollWidth)"
# Menus lie over the page, and hide from axe-core what is under them.
_UNFOLD = "document.querySelectorAll('details:not(.menu)').forEach(each => { each.open = true })"
_OPEN_MENUS = "document.querySelectorAll('details.menu').forEach(each => { each.open = true })"
_FOLD = "document.querySelectorAll('details').forEach(each => { each.open = false })"


@pytest.fixture
def cast(furnished_cast: tuple[Cast, At]) -> Cast:
    return furnished_cast[0]


@pytest.fixture
def at(furnished_cast: tuple[Cast, At]) -> At:
    return furnished_cast[1]


async def broken_rules(page: Page) -> dict[str, list[Any]]:
    """What axe-core finds on a page, by the scheme in which it does; empty where nothing."""
    found = dict[str, list[Any]]()
    for scheme, rules in _RULES.items():
        await page.emulate_media(color_scheme=scheme)
        if broken := await page.evaluate(rules):
            found[scheme] = broken
    return found


@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing_at_any_width_in_any_scheme(
    browser: Browser, live_url: str, service: Service, cast: Cast, at: At, path: str
) -> None:
    async with await browser.new_context(base_url=live_url, locale="de-DE") as context:
        if screen_at(path).access is not Requirement.ANYONE:
            operated = screen_at(path).access is Requirement.OPERATOR
            secret = await signed_in(service, cast.olga if operated else cast.alice)
            kept: Any = {"name": "tenantry-session", "value": secret.text, "url": live_url}
            await context.add_cookies([kept])
        page = await context.new_page()
        await page.goto(at(path))
        await page.evaluate(_AXE)
        for width in _WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            assert await page.evaluate(_WIDEST) <= width
            await page.evaluate(_UNFOLD)
            assert await broken_rules(page) == {}, width
            await page.evaluate(_OPEN_MENUS)
            assert await page.evaluate(_WIDEST) <= width
            assert await page.evaluate(_ALL) == [], (width, "menus")
            await page.evaluate(_FOLD)


@pytest.mark.parametrize("path", OF_PEOPLE)
async def test_axe_finds_nothing_on_what_a_viewer_is_shown(
    browser: Browser, live_url: str, service: Service, cast: Cast, at: At, path: str
) -> None:
    """Refusals, and pages without some of their parts; those for everyone, signed in."""
    secret = await signed_in(service, cast.vera)
    kept: Any = {"name": "tenantry-session", "value": secret.text, "url": live_url}
    async with await browser.new_context(base_url=live_url, locale="en") as context:
        await context.add_cookies([kept])
        page = await context.new_page()
        await page.set_viewport_size({"width": 390, "height": 800})
        await page.goto(at(path))
        await page.evaluate(_AXE)
        await page.evaluate(_UNFOLD)
        assert await broken_rules(page) == {}
        await page.evaluate(_OPEN_MENUS)
        assert await page.evaluate(_WIDEST) <= 390


@pytest.mark.parametrize("path", ["/organizations/nowhere", "/invitation?token=unknown"])
async def test_axe_finds_nothing_on_refusals_for_who_is_not_signed_in(
    browser: Browser, live_url: str, path: str
) -> None:
    """Pages for everyone are looked at above, and the others lead to sign-in."""
    async with await browser.new_context(base_url=live_url, locale="en") as context:
        page = await context.new_page()
        await page.goto(path)
        await page.evaluate(_AXE)
        assert await broken_rules(page) == {}
