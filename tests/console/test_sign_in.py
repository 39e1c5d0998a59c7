"""Signing up, in and out on pages, and the errors of their forms."""

import httpx2
import pytest

from tests.conftest import ClientOf
from tests.console.visitor import Visitor
from tests.support.cast import PASSWORD
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import GOOD_PASSWORD, GUESSABLE_PASSWORD, Scene, new_address


async def sent(visitor: Visitor, path: str, **fields: str) -> httpx2.Response:
    """A form of a page, filled in and sent."""
    form = {"form_token": await visitor.proof(""), **fields}
    return await visitor.client.post(path, data=form)


async def test_who_signs_up_comes_to_their_own_organization(visitor: Visitor, scene: Scene) -> None:
    email = new_address()
    answer = await sent(visitor, "/sign-up", name="Nora", email=email, password=GOOD_PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    home = await visitor.client.get("/")
    assert home.headers["location"].startswith("/organizations/nora")
    page = await visitor.client.get(home.headers["location"])
    assert "<h1>Nora</h1>" in page.text
    assert await email_to(scene.mailbox, email, subject="Confirm")


async def test_a_flash_is_said_once(visitor: Visitor) -> None:
    email = new_address()
    await sent(visitor, "/sign-up", name="<b>Nora", email=email, password=GOOD_PASSWORD)
    first, second = [await visitor.client.get("/organizations") for _ in range(2)]
    assert f"Check your email at {email[:39]}" in first.text
    assert "Check your email at" not in second.text
    assert "<b>Nora" not in first.text


async def test_a_flash_that_was_planted_is_not_said(visitor: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    await sent(visitor, "/sign-in", email=email, password=PASSWORD)
    for planted in ("a" * 80, f"{'0' * 32}WyJIYWNrZWQiLHt9XQ", "x"):
        visitor.client.cookies.set("tenantry-flash", planted)
        page = await visitor.client.get("/organizations")
        assert page.status_code == 200
        assert 'role="status"' not in page.text


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"name": ""}, "name", "Enter 1 to 100 visible characters"),
        ({"email": "nobody"}, "email", "Enter a valid email address, such as name@example.com."),
        ({"password": "short"}, "password", "Use 12 to 256 characters"),
        ({"password": GUESSABLE_PASSWORD}, "password", "is easy to guess"),
    ],
)
async def test_what_is_wrong_is_shown_at_its_field_and_the_rest_is_kept(
    visitor: Visitor, wrong: dict[str, str], field: str, words: str
) -> None:
    good = {"name": "Nora", "email": new_address(), "password": GOOD_PASSWORD}
    answer = await sent(visitor, "/sign-up", **(good | wrong))
    assert answer.status_code == 422
    assert f'id="{field}-error" role="alert">' in answer.text
    assert words in answer.text
    for kept in good.keys() - {field, "password"}:
        assert f'value="{good[kept]}"' in answer.text
    assert good["password"] not in answer.text


async def test_an_address_that_has_an_account_is_shown_at_its_field(
    visitor: Visitor, scene: Scene
) -> None:
    taken = scene.cast.charlie.actor.email
    answer = await sent(visitor, "/sign-up", name="C", email=taken, password=GOOD_PASSWORD)
    assert answer.status_code == 409
    assert 'id="email-error"' in answer.text


async def test_where_sign_up_is_closed_no_page_links_to_it(client_of: ClientOf) -> None:
    closed = Visitor(await client_of(sign_up="closed"))
    for path in ("/", "/sign-in"):
        assert "/sign-up" not in (await closed.client.get(path)).text
    assert (await closed.client.get("/sign-up")).status_code == 403
    form = {"name": "Nora", "email": new_address(), "password": GOOD_PASSWORD}
    assert (await sent(closed, "/sign-up", **form)).status_code == 403


async def test_every_cause_of_a_failed_sign_in_has_the_same_words(
    visitor: Visitor, scene: Scene
) -> None:
    known = scene.cast.charlie.actor.email
    for email, password in (
        (known, "a wrong one, alas"),
        (new_address(), PASSWORD),
        ("no address", PASSWORD),
    ):
        answer = await sent(visitor, "/sign-in", email=email, password=password)
        assert answer.status_code == 401
        assert "Wrong email address or password." in answer.text
        assert f'value="{email}"' in answer.text


async def test_who_guesses_too_often_is_shown_when_to_try_again(
    visitor: Visitor, scene: Scene
) -> None:
    email = scene.cast.charlie.actor.email
    answers = [await sent(visitor, "/sign-in", email=email, password="wrong") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert "minutes, then try again" in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/organizations/new?x=1", "/organizations/new?x=1"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/a b", "/"),
        ("/\tevil", "/"),
    ],
)
async def test_signing_in_leads_on_within_these_pages_alone(
    visitor: Visitor, scene: Scene, wanted: str, led: str
) -> None:
    email = scene.cast.charlie.actor.email
    answer = await sent(visitor, "/sign-in", email=email, password=PASSWORD, next=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, led)


async def test_a_forgotten_password_is_answered_alike_with_and_without_an_account(
    visitor: Visitor, scene: Scene
) -> None:
    known, unknown = scene.cast.charlie.actor.email, new_address()
    pages = [
        (await sent(visitor, "/forgot-password", email=email)).text.replace(email, "…")
        for email in (known, unknown)
    ]
    assert pages[0] == pages[1]
    assert await email_to(scene.mailbox, known, subject="new password")


async def test_an_organization_is_made(visitor: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    await sent(visitor, "/sign-in", email=email, password=PASSWORD)
    slug = new_address().partition("@")[0].replace(".", "-")
    made = await sent(visitor, "/organizations/new", name="<i>Mine</i>", slug=slug)
    assert (made.status_code, made.headers["location"]) == (303, f"/organizations/{slug}")
    page = await visitor.client.get(made.headers["location"])
    assert "&lt;i&gt;Mine&lt;/i&gt; created" in page.text
    assert "<i>" not in page.text
    again = await sent(visitor, "/organizations/new", name="Mine", slug=slug)
    assert again.status_code == 409
    assert 'id="slug-error"' in again.text
    bad = await sent(visitor, "/organizations/new", name="", slug="Not A Slug")
    assert bad.status_code == 422
    assert 'id="name-error"' in bad.text
    assert 'id="slug-error"' in bad.text


async def test_an_invitation_lists_its_workspaces_and_leads_on(
    visitor: Visitor, scene: Scene
) -> None:
    email = scene.cast.charlie.actor.email
    offered = {
        "email": email,
        "role": "viewer",
        "workspaces": [{"workspace_id": scene.cast.workspace_id, "role": "developer"}],
    }
    path = f"{scene.cast.acme_path}/members/invite"
    invited = await scene.api.post(path, json=offered, headers=scene.cast.alice.headers)
    assert invited.status_code == 201, invited.text
    message = await email_to(scene.mailbox, email, subject="invites you")
    shown = await visitor.open("/invitation", token_in(message))
    assert f"{scene.cast.acme.workspace.name} (Developer)" in shown.text
    assert 'href="/forgot-password"' in shown.text


async def test_a_path_that_no_one_could_mean_does_not_come_back_in_a_header(
    visitor: Visitor,
) -> None:
    answer = await visitor.client.get("/organizations/" + "x" * 10_000)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_a_query_of_more_parameters_than_anybody_could_mean_is_none(
    visitor: Visitor,
) -> None:
    few = (await visitor.client.get("/sign-in", params={"next": "/account"})).text
    many = (await visitor.client.get("/sign-in?next=/account&" + "a&" * 10_000)).text
    assert 'value="/account"' in few
    assert 'value="/account"' not in many
