"""Sending an invitation again: another token, another time, another inviter."""

from datetime import datetime, timedelta

import pytest

from tenantry.http.service import Service
from tests.support.api.invitation_responses import resend, resent, revoke, seen, told
from tests.support.api.invitations import accept, add_role, hired, offer, offered, remove, workspace
from tests.support.cast import Player, join, player
from tests.support.database.contents import contents
from tests.support.mail.mailbox import email_to
from tests.support.scene import Scene, new_address


async def test_the_new_link_works_and_the_old_one_does_not(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    old = await offered(scene, charlie.actor.email, role="developer")

    new = await resent(scene, charlie.actor.email, after=old)

    before = contents(scene)
    assert told(await accept(scene, charlie, old)) == (410, "invitation_resent")
    preview = await scene.api.post("/api/v1/invitations/preview", json={"token": old})
    assert told(preview) == (410, "invitation_resent")
    assert contents(scene) == before
    member = (await accept(scene, charlie, new)).json()
    assert member["role"]["key"] == "developer"


async def test_it_is_open_for_seven_days_more_and_its_reader_is_reminded(scene: Scene) -> None:
    email = new_address()
    token = await offered(scene, email, expires_in_days=1)

    await resent(scene, email, after=token)

    shown = await seen(scene, email)
    until = datetime.fromisoformat(shown["expires_at"])
    assert until - datetime.fromisoformat(shown["updated_at"]) == timedelta(days=7)
    message = await email_to(scene.mailbox, email, subject="Reminder: Alice invites you to Acme")
    body = message.get_body(("plain",))
    assert body is not None
    assert "earlier email no longer works" in body.get_content()


@pytest.mark.parametrize("change", ["expires_at = now()", "status = 'expired'"])
async def test_one_that_expired_is_open_again(scene: Scene, change: str) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    scene.change_invitation(charlie.actor.email, change)

    again = await resent(scene, charlie.actor.email, after=token)

    assert (await accept(scene, charlie, again)).status_code == 200


@pytest.mark.parametrize("status", ["declined", "revoked"])
async def test_one_that_was_answered_is_not_sent_again(scene: Scene, status: str) -> None:
    email = new_address()
    await offered(scene, email)
    scene.change_invitation(email, f"status = '{status}'")

    assert told(await resend(scene, email)) == (410, f"invitation_{status}")


async def test_who_resends_adopts_the_offer(unbroken: None, scene: Scene, eve: Player) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, by=eve, message="See you on Monday")
    await remove(scene, eve.member_id)
    assert told(await accept(scene, charlie, token)) == (409, "inviter_cannot_grant")

    again = await resent(scene, charlie.actor.email, after=token)

    assert (await seen(scene, charlie.actor.email))["invited_by"]["name"] == "Alice"
    email = await email_to(scene.mailbox, charlie.actor.email, subject="Reminder")
    assert "See you on Monday" not in email.as_string()
    assert (await accept(scene, charlie, again)).status_code == 200


async def test_no_one_adopts_what_they_could_not_offer(scene: Scene, service: Service) -> None:
    add_role(scene, "recruiter", ["organization:read", "member:read", "member:invite"])
    rita = await hired(scene, service, "Rita", "recruiter")
    email = new_address()
    await offered(scene, email, role="admin")
    before = contents(scene)

    assert told(await resend(scene, email, by=rita)) == (403, "cannot_grant_role")
    assert contents(scene) == before


async def test_no_one_adopts_a_seat_in_a_workspace_that_they_do_not_see(
    scene: Scene, service: Service
) -> None:
    vault = await workspace(scene, name="Vault", visibility="private")
    viewing = ["organization:read", "member:read", "role:read", "workspace:read"]
    add_role(scene, "recruiter", [*viewing, "member:invite"])
    rita = await hired(scene, service, "Rita", "recruiter")
    email = new_address()
    there = [{"workspace_id": vault["id"], "role": "viewer"}]
    await offered(scene, email, role="viewer", workspaces=there)

    assert (await seen(scene, email, by=rita))["workspaces"] == []
    assert told(await resend(scene, email, by=rita)) == (403, "cannot_grant_workspace")


async def test_who_is_a_member_by_now_is_not_reminded(scene: Scene, service: Service) -> None:
    charlie = scene.cast.charlie
    await offered(scene, charlie.actor.email)
    await join(service, charlie, scene.cast.acme, "viewer")

    assert told(await resend(scene, charlie.actor.email)) == (409, "already_member")


async def test_an_earlier_one_does_not_come_back_beside_a_newer_one(scene: Scene) -> None:
    email = new_address()
    await offered(scene, email)
    scene.change_invitation(email, "status = 'expired'")
    earlier = await seen(scene, email)
    newer = (await offer(scene, email)).json()

    answer = await scene.api.post(
        f"{scene.cast.acme_path}/invitations/{earlier['id']}/resend",
        headers=scene.cast.alice.headers,
    )

    assert told(answer) == (409, "invitation_pending")
    assert answer.json()["invitation_id"] == newer["id"]


async def test_an_unverified_inviters_words_are_not_sent_again_either(
    scene: Scene, service: Service
) -> None:
    nora = await player(service, "Nora", verified=False)
    nora = await join(service, nora, scene.cast.acme, "admin")
    email = new_address()
    token = await offered(scene, email, by=nora, message="Buy now")

    await resent(scene, email, after=token, by=nora)

    reminder = await email_to(scene.mailbox, email, subject="Reminder")
    assert "Buy now" not in reminder.as_string()
    assert told(await revoke(scene, email)) == (204, None)
