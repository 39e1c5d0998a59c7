"""The first hour of a new user, in a browser: from signing up to the audit log.

Once with scripts and once without, on a desk and on a phone.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.conftest import BASE_URL
from tests.support.scene import GOOD_PASSWORD, new_address

_WIDEST = "Math.ceil(document.documentElement.scrollWidth)"


@dataclass(frozen=True)
class Traveller:
    """Somebody with a browser of their own."""

    page: Page
    width: int

    async def take(self, name: str, *, inside: str = "main") -> None:
        """Follow a link of the page, and find that the next one fits."""
        await self._follow(self.page.locator(inside).get_by_role("link", name=name).first)

    async def go(self, place: str) -> None:
        """Go to a place of the organization."""
        await self.take(place, inside="nav.site-nav")

    async def press(self, name: str) -> None:
        """Send the form of the page."""
        await self._follow(self.page.locator("main").get_by_role("button", name=name))

    async def fill(self, **fields: str) -> None:
        """Fill in fields by their names."""
        for name, value in fields.items():
            await self.page.locator(f"main [name='{name}']").fill(value)

    async def is_shown(self, words: str) -> None:
        await expect(self.page.get_by_role("status")).to_have_text(words)

    async def _follow(self, way: Locator) -> None:
        async with self.page.expect_event("load"):
            await way.click()
        assert await self.page.evaluate(_WIDEST) <= self.width, self.page.url


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(params=[1280, 390], ids=["on a desk", "on a phone"])
def width(request: pytest.FixtureRequest) -> int:
    return request.param


async def fresh(browser: Browser, live_url: str, scripts: bool, width: int) -> BrowserContext:
    size = ViewportSize(width=width, height=800)
    return await browser.new_context(
        base_url=live_url, java_script_enabled=scripts, viewport=size, locale="en"
    )


@pytest.fixture
async def nora(
    browser: Browser, live_url: str, scripts: bool, width: int
) -> AsyncGenerator[Traveller]:
    async with await fresh(browser, live_url, scripts, width) as context:
        yield Traveller(await context.new_page(), width)


@pytest.fixture
async def theo(
    browser: Browser, live_url: str, scripts: bool, width: int
) -> AsyncGenerator[Traveller]:
    async with await fresh(browser, live_url, scripts, width) as context:
        yield Traveller(await context.new_page(), width)


async def test_from_signing_up_to_what_happened(
    nora: Traveller, theo: Traveller, live_url: str
) -> None:
    invited = [new_address() for _ in range(3)]
    await signs_up(nora)
    await founds(nora)
    await invites(nora, invited)
    await accepts(theo, (await link_in_email(nora, invited[0])).replace(BASE_URL, live_url))
    await nora.page.goto("/organizations")
    await nora.take("Rotor")
    await changes_the_role(nora)
    await makes_a_private_workspace(nora)
    await makes_a_role(nora)
    await removes(nora)
    await reads_what_happened(nora)
    await theo.page.goto(nora.page.url)
    await expect(theo.page.get_by_role("heading", level=1)).to_have_text("Not found")


async def signs_up(nora: Traveller) -> None:
    await nora.page.goto("/")
    await nora.take("Sign up")
    await nora.fill(name="Nora", email=new_address(), password=GOOD_PASSWORD)
    await nora.press("Sign up")
    await expect(nora.page.get_by_role("status")).to_contain_text("Welcome!")


async def founds(nora: Traveller) -> None:
    await nora.page.goto("/organizations")
    await nora.take("Create organization")
    await nora.fill(name="Rotor")
    await nora.press("Create organization")
    await nora.is_shown("Rotor created. You are its Admin.")


async def invites(nora: Traveller, addresses: list[str]) -> None:
    await nora.go("Members")
    await nora.take("Invite members")
    await nora.fill(addresses="\n".join(addresses))
    await nora.page.get_by_label("Role", exact=True).select_option(label="Developer")
    await nora.press("Send invitations")
    await nora.is_shown("3 invitations sent")


async def link_in_email(nora: Traveller, address: str) -> str:
    email = nora.page.get_by_role("listitem").filter(has_text=address).get_by_role("link")
    for _ in range(40):  # the email is carried after the answer
        await nora.page.goto("/dev/mail")
        if await email.count():
            break
        await nora.page.wait_for_timeout(250)
    await email.click()
    link = await nora.page.get_by_role("link", name="/invitation?token=").get_attribute("href")
    assert link is not None
    return link


async def accepts(theo: Traveller, link: str) -> None:
    await theo.page.goto(link)
    await theo.page.get_by_label("Your name").fill("Theo")
    await theo.page.get_by_label("Choose a password").fill(GOOD_PASSWORD)
    await theo.press("Sign up and join")
    await expect(theo.page.get_by_role("heading", level=1)).to_have_text("You joined Rotor")


async def changes_the_role(nora: Traveller) -> None:
    await nora.go("Members")
    await nora.take("Theo")
    await nora.take("Edit member")
    await nora.page.get_by_label("Role", exact=True).select_option(label="Viewer")
    await nora.press("Save")
    await nora.is_shown("Theo updated")


async def makes_a_private_workspace(nora: Traveller) -> None:
    await nora.go("Workspaces")
    await nora.take("Create workspace")
    await nora.fill(name="Lab")
    await nora.page.locator("[name='visibility']").select_option(value="private")
    await nora.press("Create workspace")
    await nora.is_shown("Workspace Lab created. You are its Admin.")


async def makes_a_role(nora: Traveller) -> None:
    await nora.go("Roles")
    await nora.take("Create role")
    await nora.fill(name="Auditor")
    await nora.page.get_by_label("View audit log").check()
    await nora.press("Create role")
    await nora.is_shown("Role Auditor created")


async def removes(nora: Traveller) -> None:
    await nora.go("Members")
    await nora.take("Theo")
    await nora.take("Remove")
    await nora.press("Remove")
    await nora.is_shown("Theo removed")


async def reads_what_happened(nora: Traveller) -> None:
    await nora.go("Audit log")
    for action in (
        "Member removed: Theo",
        "Role created: Auditor",
        "Workspace created: Lab",
        "Member updated: Theo",
        "Organization created: Rotor",
    ):
        await expect(nora.page.get_by_role("link", name=action)).to_be_visible()
    await expect(nora.page.get_by_role("link", name="Member invited")).to_have_count(3)
    await nora.take("Member updated: Theo")
    row = nora.page.get_by_role("row", name="Role developer viewer")
    await expect(row).to_be_visible()
