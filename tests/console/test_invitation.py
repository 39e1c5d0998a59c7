"""The page on which an invitation is accepted, by the headers and bytes."""

import re

import pytest

from tenantry.http.service import Service
from tests.conftest import ClientOf
from tests.console.visitor import Visitor
from tests.support.cast import PASSWORD, join, player
from tests.support.scene import GOOD_PASSWORD, GUESSABLE_PASSWORD, Scene, new_address


def signing_up(**fields: str) -> dict[str, str]:
    return {"way": "sign-up", "name": "Nora", "password": GOOD_PASSWORD, **fields}


def signing_in(password: str = PASSWORD) -> dict[str, str]:
    return {"way": "sign-in", "password": password}


async def test_looking_accepts_nothing(visitor: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    token = await scene.invited(email)
    await visitor.open("/invitation", token)
    for method in ("GET", "HEAD", "GET"):
        for path in ("/invitation", "/invitation/decline"):
            assert (await visitor.client.request(method, path)).status_code == 200
    assert scene.role_of(email) is None


@pytest.mark.parametrize("known", [True, False], ids=["sign-in", "sign-up"])
async def test_joining_signs_in(
    visitor: Visitor, scene: Scene, service: Service, known: bool
) -> None:
    someone = await player(service, "Nora")
    email = someone.actor.email if known else new_address()
    before = scene.open_sessions(email)
    token = await scene.invited(email)
    answer = await visitor.post("/invitation", token, signing_in() if known else signing_up())
    assert answer.status_code == 200
    assert "You joined Acme" in answer.text
    assert scene.is_verified(email)
    assert scene.open_sessions(email) == before + 1


async def test_a_refused_joining_leaves_no_session_behind(
    visitor: Visitor, scene: Scene, service: Service
) -> None:
    charlie = scene.cast.charlie
    token = await scene.invited(charlie.actor.email)
    await join(service, charlie, scene.cast.acme, "viewer")
    before = scene.open_sessions(charlie.actor.email)
    answer = await visitor.post("/invitation", token, signing_in())
    assert answer.status_code == 409
    assert "You are already a member" in answer.text
    assert scene.open_sessions(charlie.actor.email) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("expires_at = now() - interval '1 second'", "This invitation has expired"),
        ("status = 'expired'", "This invitation has expired"),
        ("status = 'revoked'", "This invitation was revoked"),
        ("status = 'declined'", "This invitation was declined"),
    ],
)
async def test_a_spent_invitation_is_explained(
    visitor: Visitor, scene: Scene, change: str, words: str
) -> None:
    email = new_address()
    token = await scene.invited(email)
    scene.change_invitation(email, change)
    for answer in (
        await visitor.open("/invitation", token),
        await visitor.post("/invitation", token, signing_up()),
        await visitor.post("/invitation", token, signing_in()),
    ):
        assert answer.status_code == 410
        assert words in answer.text
    assert scene.role_of(email) is None


async def test_an_accepted_invitation_is_explained(visitor: Visitor, scene: Scene) -> None:
    token = await scene.invited(new_address())
    await visitor.post("/invitation", token, signing_up())
    again = await visitor.post("/invitation", token, signing_up())
    assert again.status_code == 410
    assert "This invitation was already accepted" in again.text


async def test_an_unknown_token_is_not_found(visitor: Visitor) -> None:
    for answer in (
        await visitor.open("/invitation", "unknown"),
        await visitor.post("/invitation", "unknown", signing_up()),
    ):
        assert answer.status_code == 404
        assert "This link is not valid" in answer.text


async def test_an_inviter_who_has_left_gives_nothing(
    visitor: Visitor, scene: Scene, service: Service
) -> None:
    eve = await join(service, await player(service, "Eve"), scene.cast.acme, "admin")
    email = new_address()
    token = await scene.invited(email, by=eve)
    scene.admin.execute("delete from memberships where user_id = %s", [eve.actor.id])
    answer = await visitor.post("/invitation", token, signing_up())
    assert answer.status_code == 409
    assert "has left or may no longer grant these roles" in answer.text
    assert not await scene.can_sign_in(email, GOOD_PASSWORD)


async def test_a_wrong_password_and_no_account_read_the_same(
    visitor: Visitor, scene: Scene
) -> None:
    pages = list[str]()
    for email in (scene.cast.charlie.actor.email, new_address()):
        token = await scene.invited(email)
        answer = await visitor.post("/invitation", token, signing_in("a wrong one, alas"))
        assert answer.status_code == 422
        page = re.sub(r'name="form_token" value="\w+"', "", answer.text.replace(email, ""))
        pages.append(page.partition("Expires")[0] + page.partition("</dl>")[2])
        assert scene.role_of(email) is None
    assert pages[0] == pages[1]


async def test_a_taken_address_is_led_to_signing_in(visitor: Visitor, scene: Scene) -> None:
    token = await scene.invited(scene.cast.charlie.actor.email)
    answer = await visitor.post("/invitation", token, signing_up())
    assert answer.status_code == 409
    assert "There is already an account" in answer.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"password": GUESSABLE_PASSWORD}, "new_password"),
        ({"password": ""}, "new_password"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
    ],
)
async def test_what_cannot_be_accepted_brings_the_form_again(
    visitor: Visitor, scene: Scene, fields: dict[str, str], field: str
) -> None:
    token = await scene.invited(new_address())
    answer = await visitor.post("/invitation", token, signing_up(**fields))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1


async def test_the_address_is_the_invitation_s_own(visitor: Visitor, scene: Scene) -> None:
    email, another = new_address(), new_address()
    token = await scene.invited(email)
    await visitor.post("/invitation", token, signing_up(email=another, username=another))
    assert scene.role_of(email) == "viewer"
    assert not await scene.can_sign_in(another, GOOD_PASSWORD)


async def test_where_signing_up_is_closed_there_is_no_form_for_it(
    client_of: ClientOf, scene: Scene
) -> None:
    closed = Visitor(await client_of(sign_up="closed"))
    email = new_address()
    token = await scene.invited(email)
    shown = await closed.open("/invitation", token)
    assert "Sign in and join" in shown.text
    assert "Sign up and join" not in shown.text
    refused = await closed.post("/invitation", token, signing_up())
    assert refused.status_code == 403
    assert not await scene.can_sign_in(email, GOOD_PASSWORD)


async def test_where_one_needs_an_invitation_this_is_one(client_of: ClientOf, scene: Scene) -> None:
    by_invitation = Visitor(await client_of(sign_up="invite"))
    token = await scene.invited(new_address())
    joined = await by_invitation.post("/invitation", token, signing_up())
    assert joined.status_code == 200


async def test_names_are_shown_as_text(visitor: Visitor, scene: Scene) -> None:
    hostile = "<script>alert(1)</script>\"'{{ 7*'x' }}"
    renamed = await scene.api.patch(
        scene.cast.acme_path, json={"name": hostile}, headers=scene.cast.alice.headers
    )
    assert renamed.status_code == 200
    await scene.api.patch("/api/v1/me", json={"name": hostile}, headers=scene.cast.alice.headers)
    token = await scene.invited(new_address())
    for answer in (
        await visitor.open("/invitation", token),
        await visitor.post("/invitation", token, signing_up(name=hostile, password="short")),
        await visitor.post("/invitation", token, signing_up(name=hostile)),
    ):
        assert "alert(1)" in answer.text
        assert "<script" not in answer.text
        assert "xxxxxxx" not in answer.text.replace(token, "")
        assert "\"'{{" not in answer.text
