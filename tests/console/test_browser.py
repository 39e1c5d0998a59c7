"""The ways people take from an email, with a real browser, with and without JavaScript."""

from playwright.async_api import Page, Route, expect

from tests.conftest import BASE_URL
from tests.support.cast import PASSWORD
from tests.support.scene import GOOD_PASSWORD, GUESSABLE_PASSWORD, Scene, new_address


async def test_an_email_proves_an_address(page: Page, scene: Scene) -> None:
    email = new_address()
    await page.goto(f"/verify-email?token={await scene.signed_up(email)}")
    assert not scene.is_verified(email)
    await page.get_by_role("button", name="Confirm email address").click()
    await expect(page.get_by_role("heading")).to_have_text("Email address confirmed")
    assert scene.is_verified(email)
    assert "token" not in page.url


async def test_an_email_lets_choose_a_new_password(page: Page, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    await page.goto(f"/reset-password?token={await scene.forgot_password(email)}")
    password = page.get_by_label("New password")
    await password.fill(GUESSABLE_PASSWORD)
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_role("alert")).to_contain_text("easy to guess")
    await expect(password).to_be_focused()
    await expect(password).to_have_value("")
    await password.fill(GOOD_PASSWORD)
    await password.press("Enter")
    await expect(page.get_by_role("heading")).to_have_text("Password changed")
    assert await scene.can_sign_in(email, GOOD_PASSWORD)


async def test_someone_new_signs_up_and_joins(page: Page, scene: Scene) -> None:
    email = new_address()
    await page.goto(f"/invitation?token={await scene.invited(email, role='developer')}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Join Acme")
    for shown in ("Alice", "Developer", email):
        await expect(page.get_by_text(shown, exact=True)).to_be_visible()
    await page.get_by_label("Your name").fill("Nora")
    await page.get_by_label("Choose a password").fill(GOOD_PASSWORD)
    await page.get_by_role("button", name="Sign up and join").click()
    await expect(page.get_by_role("heading")).to_have_text("You joined Acme")
    assert scene.role_of(email) == "developer"
    assert await scene.can_sign_in(email, GOOD_PASSWORD)


async def test_someone_with_an_account_signs_in_and_joins(page: Page, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    await page.goto(f"/invitation?token={await scene.invited(email)}")
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in and join").click()
    await expect(page.get_by_role("heading")).to_have_text("You joined Acme")
    assert scene.role_of(email) == "viewer"


async def test_who_takes_the_wrong_form_is_led_to_the_other(page: Page, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    await page.goto(f"/invitation?token={await scene.invited(email)}")
    await page.get_by_label("Your name").fill("Charlie")
    await page.get_by_label("Choose a password").fill(GOOD_PASSWORD)
    await page.get_by_role("button", name="Sign up and join").click()
    await expect(page.get_by_role("alert")).to_contain_text("There is already an account")
    await expect(page.get_by_label("Your password")).to_be_focused()
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_label("Your password").press("Enter")
    await expect(page.get_by_role("heading")).to_have_text("You joined Acme")


async def test_all_can_be_done_by_keyboard(page: Page, scene: Scene) -> None:
    await page.goto(f"/invitation?token={await scene.invited(new_address())}")
    await page.get_by_label("Your name").focus()
    for key, value in (("Tab", "Nora"), ("Tab", GOOD_PASSWORD)):
        await page.keyboard.type(value)
        await page.keyboard.press(key)
    await expect(page.get_by_role("button", name="Sign up and join")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading")).to_have_text("You joined Acme")


async def test_pages_fit_a_phone(page: Page, scene: Scene) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    token = await scene.invited(f"{'long' * 10}.{new_address()}")
    for path in ("/", f"/invitation?token={token}", "/invitation?token=unknown", "/dev/mail"):
        await page.goto(path)
        box = await page.locator("main").bounding_box()
        assert box is not None
        assert box["width"] <= 320, path
        widest = await page.locator("body *:visible").evaluate_all(
            "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
        )
        assert widest <= 320, path


async def test_a_caught_email_leads_to_its_page(page: Page, scene: Scene, live_url: str) -> None:
    email = new_address()
    await scene.invited(email)
    await page.goto("/dev/mail")
    await page.get_by_role("listitem").filter(has_text=email).get_by_role("link").click()
    await expect(page.get_by_role("link", name="/invitation?token=")).to_be_visible()
    framed = page.frame_locator("iframe").get_by_role("link", name="View invitation")
    await expect(framed).to_be_visible()

    async def from_here(route: Route) -> None:
        """Answer for the host that emails name in tests, which is nowhere."""
        url = route.request.url.replace(BASE_URL, live_url)
        await route.fulfill(response=await route.fetch(url=url))

    await page.context.route(f"{BASE_URL}/**", from_here)
    async with page.context.expect_page() as opened:
        await framed.click()
    heading = (await opened.value).get_by_role("heading", level=1)
    await expect(heading).to_have_text("Join Acme")
