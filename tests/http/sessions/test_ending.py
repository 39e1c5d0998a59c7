"""A session that has ended is refused on the very next request."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.cast import PASSWORD
from tests.support.scene import GOOD_PASSWORD, Scene

SESSIONS = "/api/v1/me/sessions"

Ending = Callable[[Scene, Tokens, Tokens], Awaitable[Any]]


async def sign_out(scene: Scene, theirs: Tokens, other: Tokens) -> None:
    await scene.api.post("/api/v1/auth/sign-out", headers=theirs.headers)


async def reset(scene: Scene, theirs: Tokens, other: Tokens) -> None:
    token = await scene.forgot_password(scene.cast.charlie.actor.email)
    await scene.api.post(
        "/api/v1/auth/password/reset", json={"token": token, "password": GOOD_PASSWORD}
    )


async def change(scene: Scene, theirs: Tokens, other: Tokens) -> None:
    await scene.api.post(
        "/api/v1/auth/password/change",
        json={"current_password": PASSWORD, "new_password": GOOD_PASSWORD},
        headers=other.headers,
    )


async def end_from_another(scene: Scene, theirs: Tokens, other: Tokens) -> None:
    answer = await scene.api.delete(
        f"{SESSIONS}/{await current_id(scene, theirs)}", headers=other.headers
    )
    assert answer.status_code == 204


async def current_id(scene: Scene, tokens: Tokens) -> str:
    """The id of the session of these tokens."""
    listed = (await scene.api.get(SESSIONS, headers=tokens.headers)).json()["data"]
    return next(each["id"] for each in listed if each["is_current"])


async def signed_in_twice(scene: Scene) -> tuple[Tokens, Tokens]:
    """Charlie on two devices."""
    email = scene.cast.charlie.actor.email
    return Tokens.of(await sign_in(scene.api, email)), Tokens.of(await sign_in(scene.api, email))


@pytest.mark.parametrize("ending", [sign_out, reset, change, end_from_another])
async def test_its_tokens_are_refused_at_once(scene: Scene, ending: Ending) -> None:
    theirs, other = await signed_in_twice(scene)
    assert await is_alive(scene.api, theirs)

    await ending(scene, theirs, other)

    answer = await scene.api.get("/api/v1/me", headers=theirs.headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert (await refresh(scene.api, theirs.refresh)).status_code == 400


@pytest.mark.parametrize("ending", [sign_out, reset, change, end_from_another])
async def test_writing_is_refused_as_well(scene: Scene, ending: Ending) -> None:
    theirs, other = await signed_in_twice(scene)

    await ending(scene, theirs, other)

    answer = await scene.api.post(
        "/api/v1/organizations", json={"name": "Too late"}, headers=theirs.headers
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("ending", "stays"),
    [(sign_out, True), (reset, False), (change, True), (end_from_another, True)],
)
async def test_the_persons_other_session_stays_save_after_a_reset(
    scene: Scene, ending: Ending, stays: bool
) -> None:
    theirs, other = await signed_in_twice(scene)

    await ending(scene, theirs, other)

    assert await is_alive(scene.api, other) is stays


async def test_who_is_signed_out_cannot_sign_out_again(scene: Scene) -> None:
    theirs, _ = await signed_in_twice(scene)
    await scene.api.post("/api/v1/auth/sign-out", headers=theirs.headers)

    again = await scene.api.post("/api/v1/auth/sign-out", headers=theirs.headers)

    assert again.status_code == 401


async def test_a_session_that_has_ended_is_not_listed_and_not_found(scene: Scene) -> None:
    theirs, other = await signed_in_twice(scene)
    ended = await current_id(scene, theirs)
    await sign_out(scene, theirs, other)

    listed = (await scene.api.get(SESSIONS, headers=other.headers)).json()["data"]
    again = await scene.api.delete(f"{SESSIONS}/{ended}", headers=other.headers)

    assert ended not in [each["id"] for each in listed]
    assert again.status_code == 404


async def test_no_one_ends_the_session_of_another(scene: Scene) -> None:
    theirs, _ = await signed_in_twice(scene)
    session_id = await current_id(scene, theirs)

    answer = await scene.api.delete(f"{SESSIONS}/{session_id}", headers=scene.cast.bob.headers)

    assert answer.status_code == 404
    assert await is_alive(scene.api, theirs)
