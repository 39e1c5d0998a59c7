"""POST /api/v1/auth/password/forgot, /reset and /change."""

import httpx2

from tests.http.accounts.test_passwords import CHANGE, FORGOT, RESET
from tests.http.responses import pointers, told
from tests.support.cast import PASSWORD, Cast
from tests.support.scene import GOOD_PASSWORD, Scene, new_address


async def test_asking_is_answered_alike_whoever_is_asked_for(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    known = await api.post(FORGOT, json={"email": cast.charlie.actor.email})
    unknown = await api.post(FORGOT, json={"email": new_address()})

    assert (
        (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
    )
    assert known.headers.keys() == unknown.headers.keys()
    assert pointers(await api.post(FORGOT, json={"email": "nobody"})) == ["#/email"]


async def test_a_reset_needs_the_token_and_a_good_password(scene: Scene) -> None:
    api = scene.api
    token = await scene.forgot_password(scene.cast.charlie.actor.email)

    unknown = await api.post(RESET, json={"token": "A" * 43, "password": GOOD_PASSWORD})
    weak = await api.post(RESET, json={"token": token, "password": "short"})
    missing = await api.post(RESET, json={"token": token})
    good = await api.post(RESET, json={"token": token, "password": GOOD_PASSWORD})
    again = await api.post(RESET, json={"token": token, "password": GOOD_PASSWORD})

    assert told(unknown) == (404, "not_found")
    assert told(weak) == (422, "weak_password")
    assert weak.json()["errors"][0]["pointer"] == "#/password"
    assert pointers(missing) == ["#/password"]
    assert (good.status_code, good.content) == (204, b"")
    assert told(again) == (410, "token_spent")


async def test_a_change_needs_the_present_password_and_a_good_one(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    async def change(current: str, new: str) -> httpx2.Response:
        body = {"current_password": current, "new_password": new}
        return await api.post(CHANGE, json=body, headers=cast.charlie.headers)

    assert told(await change("something else", GOOD_PASSWORD)) == (403, "wrong_password")
    assert pointers(await change("x" * 257, GOOD_PASSWORD)) == ["#/current_password"]
    weak = await change(PASSWORD, cast.charlie.actor.email)
    assert told(weak) == (422, "weak_password")
    assert weak.json()["errors"][0]["pointer"] == "#/new_password"
    assert (await change(PASSWORD, GOOD_PASSWORD)).status_code == 204


async def test_a_change_is_for_who_is_signed_in(api: httpx2.AsyncClient) -> None:
    body = {"current_password": PASSWORD, "new_password": GOOD_PASSWORD}
    assert told(await api.post(CHANGE, json=body)) == (401, "unauthenticated")
