"""The page on which a new password is chosen, by the headers and bytes."""

from tests.console.visitor import Visitor
from tests.support.cast import PASSWORD
from tests.support.scene import GOOD_PASSWORD, GUESSABLE_PASSWORD, Scene


async def test_looking_uses_nothing_up(visitor: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    token = await scene.forgot_password(email)
    for _ in range(2):
        shown = await visitor.open("/reset-password", token)
        assert shown.status_code == 200
        assert 'autocomplete="new-password"' in shown.text
    done = await visitor.post("/reset-password", token, {"password": GOOD_PASSWORD})
    assert done.status_code == 200
    assert await scene.can_sign_in(email, GOOD_PASSWORD)
    assert not await scene.can_sign_in(email, PASSWORD)


async def test_a_weak_password_brings_the_form_again(visitor: Visitor, scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    token = await scene.forgot_password(email)
    for weak in ("", "short", GUESSABLE_PASSWORD, email, "x" * 257):
        answer = await visitor.post("/reset-password", token, {"password": weak})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert token not in answer.text
        assert not weak or weak == email or weak not in answer.text
    assert await scene.can_sign_in(email, PASSWORD)


async def test_a_used_link_is_shown_at_once(visitor: Visitor, scene: Scene) -> None:
    token = await scene.forgot_password(scene.cast.charlie.actor.email)
    await visitor.post("/reset-password", token, {"password": GOOD_PASSWORD})
    shown = await visitor.open("/reset-password", token)
    posted = await visitor.post("/reset-password", token, {"password": PASSWORD})
    assert [shown.status_code, posted.status_code] == [410, 410]
    assert "This link is no longer valid" in shown.text


async def test_a_new_password_ends_every_session(visitor: Visitor, scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await scene.forgot_password(charlie.actor.email)
    await visitor.post("/reset-password", token, {"password": GOOD_PASSWORD})
    assert (await visitor.client.get("/api/v1/me", headers=charlie.headers)).status_code == 401
