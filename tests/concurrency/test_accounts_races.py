"""Accounts, when two come at once."""

import asyncio

import pytest

from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.cast import PASSWORD
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

OTHER_PASSWORD = "nine slow comets whisper"
_HOLD_USER = "select 1 from users where email = %s for update"
_HOLD_NEWEST_SESSION = """
    select 1 from sessions s join users u on u.id = s.user_id
     where u.email = %s order by s.id desc limit 1 for update of s
"""


@pytest.mark.usefixtures("unbroken")
async def test_of_ten_who_sign_up_with_one_address_one_does(scene: Scene) -> None:
    """Fails with ten 201 once `claim_address` answers True whatever it finds, and with 500s once
    its insert is a plain one: both tried."""
    email = new_address()
    forms = [email, email.upper(), email.title(), email.swapcase(), email.capitalize()] * 2

    answers = await asyncio.gather(
        *(
            scene.api.post("/api/v1/auth/sign-up", json={"email": form, "password": PASSWORD})
            for form in forms
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 9]
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused == {"email_taken"}
    assert count(scene.admin, "select count(*) from users where lower(email) = %s", email) == 1
    owned = """
        select count(*) from organizations o join users u on u.id = o.owner_id where u.email = %s
    """
    assert count(scene.admin, owned, email) == 1


@pytest.mark.usefixtures("unbroken")
async def test_of_two_resets_by_one_email_one_counts(scene: Scene) -> None:
    """Fails with two 204 once `lock_token` reads the token without a lock: tried."""
    email = scene.cast.charlie.actor.email
    token = await scene.forgot_password(email)
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_USER, [email])
        resets = [
            asyncio.create_task(
                scene.api.post(
                    "/api/v1/auth/password/reset", json={"token": token, "password": password}
                )
            )
            for password in (GOOD_PASSWORD, OTHER_PASSWORD)
        ]
        await until_waiting(scene.admin, *resets)
    answers = await asyncio.gather(*resets)

    assert sorted(answer.status_code for answer in answers) == [204, 410]
    winner = [answer.status_code for answer in answers].index(204)
    assert [await scene.can_sign_in(email, each) for each in (GOOD_PASSWORD, OTHER_PASSWORD)] == [
        winner == 0,
        winner == 1,
    ]


@pytest.mark.usefixtures("unbroken")
async def test_of_two_changes_of_a_password_one_counts(scene: Scene) -> None:
    """Fails with two 204 once the update does not look for the password that it replaces: tried."""
    email = scene.cast.charlie.actor.email
    devices = [Tokens.of(await sign_in(scene.api, email)) for _ in range(2)]
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_USER, [email])
        changes = [
            asyncio.create_task(change(scene, device, password))
            for device, password in zip(devices, (GOOD_PASSWORD, OTHER_PASSWORD), strict=True)
        ]
        await until_waiting(scene.admin, *changes)
    statuses = await asyncio.gather(*changes)

    assert sorted(statuses) == [204, 409]
    alive = [await is_alive(scene.api, device) for device in devices]
    assert alive == [status == 204 for status in statuses]


async def change(scene: Scene, tokens: Tokens, password: str) -> int:
    """The status of changing the password."""
    answer = await scene.api.post(
        "/api/v1/auth/password/change",
        json={"current_password": PASSWORD, "new_password": password},
        headers=tokens.headers,
    )
    return answer.status_code


@pytest.mark.usefixtures("unbroken")
async def test_who_was_deleted_meanwhile_is_signed_out_when_changing_a_password(
    scene: Scene,
) -> None:
    """Fails with 404 once `run_as` does not hold the person: tried."""
    email = new_address()
    signed_up = await scene.api.post(
        "/api/v1/auth/sign-up", json={"email": email, "password": PASSWORD}
    )
    headers = {"Authorization": f"Bearer {signed_up.json()['access_token']}"}
    body = {"current_password": PASSWORD, "new_password": GOOD_PASSWORD}
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_USER, [email])
        deletion = asyncio.create_task(scene.api.delete("/api/v1/me", headers=headers))
        await until_waiting(scene.admin, deletion)
        change = asyncio.create_task(
            scene.api.post("/api/v1/auth/password/change", json=body, headers=headers)
        )
        await until_waiting(scene.admin, deletion, change)

    assert (await deletion).status_code == 204
    assert (await change).status_code == 401


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("change_is_first", [True, False])
async def test_no_refresh_outlives_a_change_of_the_password(
    scene: Scene, change_is_first: bool
) -> None:
    """Fails where the change is first, with a refresh that is answered 200, once `lock_by_token`
    reads the session without a lock: tried."""
    email = scene.cast.charlie.actor.email
    ctx, there = [Tokens.of(await sign_in(scene.api, email)) for _ in range(2)]
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_NEWEST_SESSION, [email])
        acts = [change(scene, ctx, GOOD_PASSWORD), refresh_status(scene, there)]
        begun = list[asyncio.Task[int]]()
        for act in acts if change_is_first else reversed(acts):
            begun.append(asyncio.create_task(act))
            await until_waiting(scene.admin, *begun)

    statuses = await asyncio.gather(*begun)
    assert statuses == ([204, 400] if change_is_first else [200, 204])
    assert not await is_alive(scene.api, there)
    assert await is_alive(scene.api, ctx)


async def refresh_status(scene: Scene, tokens: Tokens) -> int:
    """The status of a refresh; what it gives must be dead if the session is."""
    return (await refresh(scene.api, tokens.refresh)).status_code


@pytest.mark.usefixtures("unbroken")
async def test_no_one_signs_in_with_a_password_that_is_being_reset(scene: Scene) -> None:
    """Fails with 200 once `sign_in` does not compare the password again under the lock: tried."""
    email = scene.cast.charlie.actor.email
    token = await scene.forgot_password(email)
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_USER, [email])
        reset = asyncio.create_task(
            scene.api.post(
                "/api/v1/auth/password/reset", json={"token": token, "password": GOOD_PASSWORD}
            )
        )
        await until_waiting(scene.admin, reset)
        entering = asyncio.create_task(sign_in(scene.api, email))
        await until_waiting(scene.admin, reset, entering)

    assert (await reset).status_code == 204
    assert (await entering).status_code == 401
