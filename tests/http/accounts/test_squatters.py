"""Who signs up with somebody else's address keeps nothing once its owner comes."""

from dataclasses import dataclass

import pytest

from tests.support.api.signed_in import Tokens, is_alive, refresh
from tests.support.cast import PASSWORD, Player
from tests.support.database.lock_waits import count
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import GOOD_PASSWORD, Scene, new_address


@dataclass(frozen=True)
class Squat:
    """An account that a stranger made with somebody's address, with an accomplice let in."""

    email: str
    org_path: str
    tokens: Tokens
    pending: str


@pytest.fixture
async def squat(scene: Scene) -> Squat:
    """The stranger has let Charlie into the personal organization, and invited one more."""
    email = new_address()
    answer = await scene.api.post(
        "/api/v1/auth/sign-up", json={"email": email, "password": PASSWORD}
    )
    path = f"/api/v1/organizations/{answer.json()['organization']['id']}"
    tokens = Tokens.of(answer)
    await _accept(scene, scene.cast.charlie, await _invited(scene, path, tokens, _charlie(scene)))
    pending = await _invited(scene, path, tokens, new_address())
    return Squat(email, path, tokens, pending)


def _charlie(scene: Scene) -> str:
    return scene.cast.charlie.actor.email


async def _invited(scene: Scene, path: str, tokens: Tokens, email: str) -> str:
    answer = await scene.api.post(
        f"{path}/members/invite", json={"email": email, "role": "admin"}, headers=tokens.headers
    )
    assert answer.status_code == 201, answer.text
    return token_in(await email_to(scene.mailbox, email, subject="invites you"))


async def _accept(scene: Scene, who: Player, token: str) -> None:
    answer = await scene.api.post(
        "/api/v1/invitations/accept", json={"token": token}, headers=who.headers
    )
    assert answer.status_code == 200, answer.text


async def reset(scene: Scene, email: str) -> None:
    """The owner of the address chooses a password by the email that only they can read."""
    token = await scene.forgot_password(email)
    answer = await scene.api.post(
        "/api/v1/auth/password/reset", json={"token": token, "password": GOOD_PASSWORD}
    )
    assert answer.status_code == 204


async def test_the_first_proof_puts_the_accomplice_out(
    unbroken: None, scene: Scene, squat: Squat
) -> None:
    headers = scene.cast.charlie.headers
    assert (await scene.api.get(squat.org_path, headers=headers)).status_code == 200

    await reset(scene, squat.email)

    assert (await scene.api.get(squat.org_path, headers=headers)).status_code == 404


async def test_the_first_proof_ends_the_strangers_session_and_password(
    scene: Scene, squat: Squat
) -> None:
    await reset(scene, squat.email)

    assert not await is_alive(scene.api, squat.tokens)
    assert (await refresh(scene.api, squat.tokens.refresh)).status_code == 400
    assert not await scene.can_sign_in(squat.email, PASSWORD)
    assert await scene.can_sign_in(squat.email, GOOD_PASSWORD)


async def test_the_first_proof_withdraws_what_the_stranger_offered(
    scene: Scene, squat: Squat
) -> None:
    await reset(scene, squat.email)

    answer = await scene.api.post("/api/v1/invitations/preview", json={"token": squat.pending})

    assert (answer.status_code, answer.json()["code"]) == (410, "invitation_revoked")


async def test_the_event_names_everybody_who_went(scene: Scene, squat: Squat) -> None:
    await reset(scene, squat.email)

    (changes,) = scene.admin.execute(
        """
        select e.changes from events e join organizations o on o.org_id = e.org_id
          join users u on u.id = o.owner_id
         where u.email = %s and e.action = 'organization.reclaimed'
        """,
        [squat.email],
    ).fetchall()[0]

    gone = [change["before"]["user_id"] for change in changes if change["type"] == "member"]
    revoked = [change["after"] for change in changes if change["type"] == "invitation"]
    assert gone == [scene.cast.charlie.id]
    assert revoked == [{"status": "revoked"}]


async def test_a_later_reset_lets_the_guests_stay(scene: Scene, squat: Squat) -> None:
    verified = "update users set email_verified_at = now() where email = %s"
    scene.admin.execute(verified, [squat.email])

    await reset(scene, squat.email)

    answer = await scene.api.get(squat.org_path, headers=scene.cast.charlie.headers)
    assert answer.status_code == 200


async def test_words_of_somebody_unproven_are_not_mailed(scene: Scene, squat: Squat) -> None:
    email, words = new_address(), "Your parcel waits at the customs office."

    await scene.api.post(
        f"{squat.org_path}/members/invite",
        json={"email": email, "message": words},
        headers=squat.tokens.headers,
    )

    message = await email_to(scene.mailbox, email)
    assert words.encode() not in message.as_bytes()
    kept = "select count(*) from invitations where email = %s and message = %s"
    assert count(scene.admin, kept, email, words) == 1
