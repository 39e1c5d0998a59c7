"""Passwords forgotten, reset and changed; the other sessions end at once."""

from unicodedata import normalize

import pytest
from argon2 import PasswordHasher

from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.cast import PASSWORD
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count
from tests.support.scene import GOOD_PASSWORD, GUESSABLE_PASSWORD, Scene, new_address

FORGOT = "/api/v1/auth/password/forgot"
RESET = "/api/v1/auth/password/reset"
CHANGE = "/api/v1/auth/password/change"


async def test_a_reset_sets_the_password_and_ends_every_session(scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    before = Tokens.of(await sign_in(scene.api, email))
    token = await scene.forgot_password(email)

    answer = await scene.api.post(RESET, json={"token": token, "password": GOOD_PASSWORD})

    assert answer.status_code == 204
    assert not await is_alive(scene.api, before)
    assert (await refresh(scene.api, before.refresh)).status_code == 400
    assert not await scene.can_sign_in(email, PASSWORD)
    assert await scene.can_sign_in(email, GOOD_PASSWORD)


async def test_a_reset_proves_the_address(scene: Scene) -> None:
    email = new_address()
    await scene.signed_up(email)
    token = await scene.forgot_password(email)

    await scene.api.post(RESET, json={"token": token, "password": GOOD_PASSWORD})

    tokens = Tokens.of(await sign_in(scene.api, email, GOOD_PASSWORD))
    me = (await scene.api.get("/api/v1/me", headers=tokens.headers)).json()
    assert me["email_verified"] is True


async def test_one_reset_spends_every_email_that_was_asked_for(scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    first = await scene.forgot_password(email)
    await scene.api.post(FORGOT, json={"email": email})
    assert await used(scene, email) == (2, 0)

    await scene.api.post(RESET, json={"token": first, "password": GOOD_PASSWORD})

    assert await used(scene, email) == (2, 2)
    again = await scene.api.post(RESET, json={"token": first, "password": GOOD_PASSWORD})
    assert (again.status_code, again.json()["code"]) == (410, "token_spent")


async def used(scene: Scene, email: str) -> tuple[int, int]:
    """How many tokens of an address there are, and how many of them are used."""
    tokens = "select count(*) from account_tokens where email = %s"
    return count(scene.admin, tokens, email), count(
        scene.admin, f"{tokens} and used_at is not null", email
    )


async def test_a_resets_token_is_no_good_after_its_time(scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    token = await scene.forgot_password(email)
    scene.admin.execute("update account_tokens set expires_at = now() where email = %s", [email])

    answer = await scene.api.post(RESET, json={"token": token, "password": GOOD_PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (410, "token_spent")
    assert await scene.can_sign_in(email, PASSWORD)


async def test_a_weak_password_does_not_spend_the_email(scene: Scene) -> None:
    token = await scene.forgot_password(scene.cast.charlie.actor.email)

    weak = await scene.api.post(RESET, json={"token": token, "password": GUESSABLE_PASSWORD})
    good = await scene.api.post(RESET, json={"token": token, "password": GOOD_PASSWORD})

    assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
    assert good.status_code == 204


async def test_who_asks_for_an_unknown_address_learns_and_leaves_nothing(scene: Scene) -> None:
    before = contents(scene)

    unknown = await scene.api.post(FORGOT, json={"email": new_address()})
    assert contents(scene) == before
    known = await scene.api.post(FORGOT, json={"email": scene.cast.charlie.actor.email})

    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)
    assert unknown.status_code == 202


async def test_a_change_keeps_this_session_and_ends_the_others(scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    ctx, there = [Tokens.of(await sign_in(scene.api, email)) for _ in range(2)]

    answer = await scene.api.post(
        CHANGE,
        json={"current_password": PASSWORD, "new_password": GOOD_PASSWORD},
        headers=ctx.headers,
    )

    assert answer.status_code == 204
    assert await is_alive(scene.api, ctx)
    assert not await is_alive(scene.api, there)
    assert (await refresh(scene.api, there.refresh)).status_code == 400
    assert (await refresh(scene.api, ctx.refresh)).status_code == 200
    assert await scene.can_sign_in(email, GOOD_PASSWORD)


async def test_a_change_makes_emails_to_reset_worthless(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await scene.forgot_password(charlie.actor.email)

    await scene.api.post(
        CHANGE,
        json={"current_password": PASSWORD, "new_password": GOOD_PASSWORD},
        headers=charlie.headers,
    )

    answer = await scene.api.post(RESET, json={"token": token, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (410, "token_spent")


@pytest.mark.parametrize(
    ("current", "new", "status", "code"),
    [
        ("not the right one at all", GOOD_PASSWORD, 403, "wrong_password"),
        (PASSWORD, GUESSABLE_PASSWORD, 422, "weak_password"),
    ],
)
async def test_a_change_that_is_refused_changes_nothing(
    scene: Scene, current: str, new: str, status: int, code: str
) -> None:
    charlie = scene.cast.charlie
    before = contents(scene)

    answer = await scene.api.post(
        CHANGE, json={"current_password": current, "new_password": new}, headers=charlie.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert contents(scene) == before
    assert await scene.can_sign_in(charlie.actor.email, PASSWORD)


@pytest.mark.parametrize("known", [True, False])
async def test_a_failed_sign_in_tells_nothing_of_its_cause(scene: Scene, known: bool) -> None:
    email = scene.cast.charlie.actor.email if known else new_address()
    before = contents(scene)

    answer = await sign_in(scene.api, email, "not the right one at all")

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_grant"
    assert answer.json()["error_description"] == "Wrong email address or password."
    assert contents(scene) == before


COMPOSED = normalize("NFC", "über den größten Äckern, à côté")
DECOMPOSED = normalize("NFD", COMPOSED)


@pytest.mark.parametrize(("chosen", "typed"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
async def test_a_password_is_the_same_however_a_keyboard_composes_it(
    scene: Scene, chosen: str, typed: str
) -> None:
    email = new_address()
    body = {"email": email, "password": chosen, "name": "Nora"}
    assert (await scene.api.post("/api/v1/auth/sign-up", json=body)).status_code == 201
    assert await scene.can_sign_in(email, typed)

    tokens = Tokens.of(await sign_in(scene.api, email, typed))
    change = {"current_password": typed, "new_password": f"{typed} (2)"}
    answer = await scene.api.post(CHANGE, json=change, headers=tokens.headers)
    assert answer.status_code == 204
    assert await scene.can_sign_in(email, f"{chosen} (2)")


@pytest.mark.parametrize("kept", [COMPOSED, DECOMPOSED, f"{COMPOSED}…", f"{DECOMPOSED}…"])
async def test_what_was_kept_as_it_was_given_is_still_the_password(scene: Scene, kept: str) -> None:
    """As every hash is that was made before passwords were normalized."""
    email = scene.cast.charlie.actor.email
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(kept)
    scene.admin.execute("update users set password_hash = %s where email = %s", [hashed, email])

    assert await scene.can_sign_in(email, kept)
    if kept == normalize("NFC", kept):
        assert await scene.can_sign_in(email, normalize("NFD", kept))
    assert not await scene.can_sign_in(email, f"{kept}!")
