"""Withdrawing an offer."""

import pytest

from tenantry.http.service import Service
from tests.support.api.invitation_responses import revoke, seen, told
from tests.support.api.invitations import accept, add_role, hired, offer, offered
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address


async def test_the_emails_link_stops_working_at_once(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)

    assert told(await revoke(scene, charlie.actor.email)) == (204, None)

    assert told(await accept(scene, charlie, token)) == (410, "invitation_revoked")
    assert (await seen(scene, charlie.actor.email))["status"] == "revoked"


async def test_what_was_revoked_may_be_offered_anew(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    await offered(scene, charlie.actor.email)
    await revoke(scene, charlie.actor.email)

    assert (await offer(scene, charlie.actor.email)).status_code == 201


async def test_no_one_revokes_above_themselves(scene: Scene, service: Service) -> None:
    add_role(scene, "recruiter", ["organization:read", "member:invite"])
    rita = await hired(scene, service, "Rita", "recruiter")
    email = new_address()
    await offered(scene, email, role="viewer")
    before = contents(scene)

    refused = await revoke(scene, email, by=rita)

    assert told(refused) == (403, "cannot_grant_role")
    assert contents(scene) == before


@pytest.mark.parametrize("status", ["declined", "revoked", "expired"])
async def test_only_an_open_one_is_revoked(scene: Scene, status: str) -> None:
    email = new_address()
    await offered(scene, email)
    scene.change_invitation(email, f"status = '{status}'")

    assert told(await revoke(scene, email)) == (410, f"invitation_{status}")


async def test_one_past_its_time_counts_as_expired(scene: Scene) -> None:
    email = new_address()
    await offered(scene, email)
    scene.change_invitation(email, "expires_at = now()")

    assert told(await revoke(scene, email)) == (410, "invitation_expired")


async def test_an_etag_guards_it(scene: Scene) -> None:
    email = new_address()
    await offered(scene, email)

    refused = await revoke(scene, email, if_match='"another"')

    assert told(refused) == (412, "precondition_failed")
    assert (await seen(scene, email))["status"] == "pending"
