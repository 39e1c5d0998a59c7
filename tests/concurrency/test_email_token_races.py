"""Emails' tokens, when two are spent at once: people are held before their tokens are."""

import asyncio

import httpx2
import pytest

from tests.support.api.signed_in import Tokens, sign_in
from tests.support.database.lock_waits import until_waiting
from tests.support.mail.email_tokens import next_token
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

_HOLD = "select 1 from users where email = %s for no key update"


async def reset(scene: Scene, token: str) -> httpx2.Response:
    return await scene.api.post(
        "/api/v1/auth/password/reset", json={"token": token, "password": GOOD_PASSWORD}
    )


@pytest.mark.usefixtures("unbroken")
async def test_of_two_resets_by_two_emails_one_counts(scene: Scene) -> None:
    """Fails with a 503, for a deadlock, once a reset holds its token before the person: tried."""
    email = scene.cast.charlie.actor.email
    first = await scene.forgot_password(email)
    await scene.api.post("/api/v1/auth/password/forgot", json={"email": email})
    second = await next_token(scene.mailbox, email, subject="new password", after=first)
    with scene.admin.transaction():
        scene.admin.execute(_HOLD, [email])
        resets = [asyncio.create_task(reset(scene, token)) for token in (first, second)]
        await until_waiting(scene.admin, *resets)

    answers = await asyncio.gather(*resets)
    assert sorted(answer.status_code for answer in answers) == [204, 410]


@pytest.mark.usefixtures("unbroken")
async def test_a_proof_and_another_email_at_once_do_not_stand_in_each_others_way(
    scene: Scene,
) -> None:
    """Fails with a 503, for a deadlock, once a proof holds its token before the person: tried."""
    email = new_address()
    token = await scene.signed_up(email)
    person = Tokens.of(await sign_in(scene.api, email))
    with scene.admin.transaction():
        scene.admin.execute(_HOLD, [email])
        again = asyncio.create_task(
            scene.api.post("/api/v1/auth/verify-email/resend", headers=person.headers)
        )
        await until_waiting(scene.admin, again)
        proof = asyncio.create_task(
            scene.api.post("/api/v1/auth/verify-email", json={"token": token})
        )
        await until_waiting(scene.admin, again, proof)

    # Either may be first; after the new email the old one is worthless.
    statuses = [(await each).status_code for each in (again, proof)]
    assert statuses == [204, 204 if scene.is_verified(email) else 410]
