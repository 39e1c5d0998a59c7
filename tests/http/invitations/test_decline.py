"""Saying no to an offer."""

import pytest

from tests.support.api.invitation_responses import decline, seen, told
from tests.support.api.invitations import accept, offer, offered
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address


async def test_who_holds_the_email_declines_without_an_account(
    unbroken: None, scene: Scene
) -> None:
    email = new_address()
    token = await offered(scene, email)

    assert told(await decline(scene, token)) == (204, None)

    assert (await seen(scene, email))["status"] == "declined"
    actor = await _last_actor(scene)
    assert actor == {"type": "addressee", "id": None, "name": email}


async def _last_actor(scene: Scene) -> dict[str, object]:
    answer = await scene.api.get(
        f"{scene.cast.acme_path}/events?order=desc&limit=1", headers=scene.cast.alice.headers
    )
    (event,) = answer.json()["data"]
    assert event["action"] == "invitation.declined"
    return event["actor"]


async def test_who_declined_does_not_join_by_the_same_email(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    await decline(scene, token)
    before = contents(scene)

    assert told(await accept(scene, charlie, token)) == (410, "invitation_declined")
    assert told(await decline(scene, token)) == (410, "invitation_declined")
    assert contents(scene) == before


async def test_who_declined_may_be_invited_again(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    await decline(scene, await offered(scene, charlie.actor.email))

    assert (await offer(scene, charlie.actor.email)).status_code == 201


@pytest.mark.parametrize(
    ("change", "code"),
    [("expires_at = now()", "expired"), ("status = 'revoked'", "revoked")],
)
async def test_what_is_closed_cannot_be_declined(scene: Scene, change: str, code: str) -> None:
    email = new_address()
    token = await offered(scene, email)
    scene.change_invitation(email, change)

    assert told(await decline(scene, token)) == (410, f"invitation_{code}")


async def test_an_unknown_token_is_not_found(scene: Scene) -> None:
    assert told(await decline(scene, "x" * 43)) == (404, "not_found")
