"""From the inviter's call to the new member: an email through SMTP, and a browser at its link."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, Page, Request, expect

from tests.cli.commands import running
from tests.support.mail.mailbox import token_in
from tests.support.mail.smtp import MailServer, mail_server
from tests.support.processes import CEILING, open_folder, wait_for
from tests.support.scene import GOOD_PASSWORD, new_address

DEMO = "demo@tenantry.test"
_REFUSED = "chrome-error://chromewebdata/"
HOSTILE = "<script>document.title='gone'</script><b>Mallory & Sons</b>"


class Inviter:
    """Dana of the demo, who calls the API of a `tenantry dev` that sends real mail."""

    def __init__(self, client: httpx2.Client, url: str, password: str, post: MailServer) -> None:
        self.url = url
        self.post = post
        self.client = client
        form = {"grant_type": "password", "username": DEMO, "password": password}
        token = self._ok(self.client.post("/auth/token", data=form))["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"

    def founds(self, name: str) -> str:
        """The path of a new organization."""
        made = self._ok(self.client.post("/organizations", json={"name": name}))
        return f"/organizations/{made['id']}"

    def workspace(self, org: str) -> str:
        """The id of a new workspace."""
        return self._ok(self.client.post(f"{org}/workspaces", json={"name": "Lab"}))["id"]

    def invites(self, org: str, email: str, **offer: Any) -> str:
        """The link of the email, as it came through SMTP."""
        self.post.emails.pop(email, None)
        body = {"email": email, **offer}
        self._ok(self.client.post(f"{org}/members/invite", json=body))
        wait_for(lambda: email in self.post.emails)
        return f"{self.url}/invitation?token={token_in(self.post.emails[email])}"

    def members(self, path: str) -> dict[str, str]:
        """The keys of roles by address, in an organization or a workspace."""
        listed = self._ok(self.client.get(f"{path}/members"))["data"]
        return {each["user"]["email"]: each["role"]["key"] for each in listed}

    def answers(self, org: str) -> dict[str, str]:
        """How the invitations of an organization stand, by address."""
        listed = self._ok(self.client.get(f"{org}/invitations"))["data"]
        return {each["email"]: each["status"] for each in listed}

    def _ok(self, answer: httpx2.Response) -> Any:
        assert answer.is_success, answer.text
        return answer.json()


class Witness:
    """Sees every request of a browser."""

    def __init__(self, page: Page) -> None:
        self._requests: list[Request] = []
        page.context.on("request", self._saw)

    def _saw(self, request: Request) -> None:
        self._requests.append(request)

    async def must_have_seen_once(self, link: str) -> None:
        """The link was asked for itself; nothing else names its token, and no Referer was sent."""
        token = link.partition("token=")[2]
        assert [each.url for each in self._requests if token in each.url] == [link]
        headers = await asyncio.gather(*(each.all_headers() for each in self._requests))
        assert not any(each.get("referer") for each in headers)


@pytest.fixture(scope="module")
def inviter() -> Generator[Inviter]:
    with mail_server() as post, open_folder() as folder:
        settings = {"TENANTRY_HOME": str(folder / "home"), "TENANTRY_SMTP_URL": post.url}
        with running("dev", settings=settings) as service:
            password = (folder / "home" / "demo-password").read_text().strip()
            with httpx2.Client(base_url=f"{service.url}/api/v1", timeout=CEILING) as client:
                yield Inviter(client, service.url, password, post)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
async def page(request: pytest.FixtureRequest, browser: Browser) -> AsyncGenerator[Page]:
    """A fresh browser, once with JavaScript switched on and once off."""
    async with await browser.new_context(java_script_enabled=request.param) as context:
        context.set_default_timeout(CEILING * 1000)
        yield await context.new_page()


async def signs_up(page: Page) -> None:
    await page.get_by_label("Your name").fill("Nora")
    await page.get_by_label("Choose a password").fill(GOOD_PASSWORD)
    await page.get_by_role("button", name="Sign up and join").click()


async def is_shown(page: Page, heading: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(heading)


async def test_someone_new_becomes_a_member_with_role_and_workspace(
    page: Page, inviter: Inviter
) -> None:
    org, email = inviter.founds("Rotor"), new_address()
    lab = inviter.workspace(org)
    there = [{"workspace_id": lab, "role": "developer"}]
    link = inviter.invites(org, email, role="viewer", workspaces=there)
    witness = Witness(page)

    await page.goto(link)
    await is_shown(page, "Join Rotor")
    for shown in ("Viewer", "Dana", email):
        await expect(page.get_by_text(shown, exact=True)).to_be_visible()
    assert page.url == f"{inviter.url}/invitation"
    await page.reload()
    assert inviter.answers(org) == {email: "pending"}
    await signs_up(page)

    await is_shown(page, "You joined Rotor")
    assert inviter.members(org)[email] == "viewer"
    assert inviter.members(f"{org}/workspaces/{lab}")[email] == "developer"
    assert inviter.answers(org) == {email: "accepted"}
    await witness.must_have_seen_once(link)


async def test_who_is_signed_in_accepts_at_once_and_who_is_not_it_switches(
    page: Page, inviter: Inviter
) -> None:
    first, second = inviter.founds("First"), inviter.founds("Second")
    email, another = new_address(), new_address()
    await page.goto(inviter.invites(first, email))
    await signs_up(page)
    await is_shown(page, "You joined First")

    await page.goto(inviter.invites(second, email, role="developer"))
    await is_shown(page, "Join Second")
    assert email not in inviter.members(second)
    await page.get_by_role("button", name="Accept and join").click()
    await is_shown(page, "You joined Second")
    assert inviter.members(second)[email] == "developer"
    await page.reload()
    await is_shown(page, "You joined Second")

    await page.goto(inviter.invites(second, another))
    await expect(page.get_by_text("You are signed in as")).to_contain_text(email)
    await expect(page.get_by_role("button", name="Accept and join")).to_have_count(0)
    await page.get_by_role("button", name="Switch account").click()
    await is_shown(page, "Join Second")
    await signs_up(page)
    await is_shown(page, "You joined Second")
    assert {email, another} <= set(inviter.members(second))


async def test_someone_declines_once_they_were_asked_again(page: Page, inviter: Inviter) -> None:
    org, email = inviter.founds("Quiet"), new_address()
    await page.goto(inviter.invites(org, email))
    await page.get_by_role("link", name="Decline invitation").click()
    await is_shown(page, "Decline invitation to Quiet?")
    assert inviter.answers(org) == {email: "pending"}
    await page.get_by_role("button", name="Decline invitation").click()
    await is_shown(page, "Invitation declined")
    assert inviter.answers(org) == {email: "declined"}
    assert email not in inviter.members(org)


async def test_names_of_others_stay_words(page: Page, inviter: Inviter) -> None:
    org, email = inviter.founds(HOSTILE), new_address()
    role = {"key": "mallory", "name": HOSTILE, "permissions": ["organization:read"]}
    inviter.client.post(f"{org}/roles", json=role).raise_for_status()
    inviter.client.patch("/me", json={"name": HOSTILE}).raise_for_status()
    try:
        await page.goto(inviter.invites(org, email, role="mallory"))
    finally:
        inviter.client.patch("/me", json={"name": "Dana"}).raise_for_status()
    await is_shown(page, f"Join {HOSTILE}")
    await expect(page.get_by_role("definition").filter(has_text=HOSTILE)).to_have_count(2)
    await expect(page.locator("script, b")).to_have_count(0)
    await expect(page).to_have_title(f"Join {HOSTILE} · Tenantry")
    await page.get_by_role("link", name="Decline invitation").click()
    await is_shown(page, f"Decline invitation to {HOSTILE}?")
    await expect(page.locator("script, b")).to_have_count(0)


async def test_no_other_site_can_frame_the_page(page: Page, inviter: Inviter) -> None:
    """The frame holds the browser's own text that it was refused."""
    org = inviter.founds("Framed")
    await page.goto(inviter.invites(org, new_address()))
    framed = f'<iframe src="{inviter.url}/invitation"></iframe>'
    await page.route(
        "http://other.test/", lambda route: route.fulfill(body=framed, content_type="text/html")
    )
    await page.goto("http://other.test/")
    await expect(page.locator("iframe")).to_have_count(1)
    content = page.frame_locator("iframe").get_by_role("heading", name="Join Framed")
    await expect(content).to_have_count(0)
    assert [frame.url for frame in page.frames if frame != page.main_frame] == [_REFUSED]
