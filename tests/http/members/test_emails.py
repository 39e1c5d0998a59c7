"""Members read of what others do to their membership: once it is kept, and in their language."""

from typing import Any

import httpx2

from tenantry.platform.mail.model import NOTIFICATIONS_PER_DAY
from tests.support.api.invitations import offer, remove, workspace
from tests.support.cast import Player
from tests.support.mail.mailbox import email_to, part
from tests.support.scene import Scene, new_address

GERMAN = {"Accept-Language": "de-AT, en;q=0.5"}


async def change(scene: Scene, who: Player, by: Player, **terms: Any) -> httpx2.Response:
    """The answer to somebody who puts a member of Acme on other terms."""
    path = f"{scene.cast.acme_path}/members/{who.member_id}"
    return await scene.api.patch(path, json=terms, headers=by.headers)


async def place(
    scene: Scene, who: Player, by: Player, space: dict[str, Any], role: str = "developer"
) -> httpx2.Response:
    """The answer to somebody who puts a member into a workspace."""
    path = f"{scene.cast.acme_path}/workspaces/{space['id']}/members/{who.member_id}"
    return await scene.api.put(path, json={"role": role}, headers=by.headers)


def queued(scene: Scene, who: Player) -> int:
    """How many emails of Acme went, or will go, to somebody."""
    row = scene.admin.execute(
        "select count(*) from emails where org_id = %s and recipient = %s",
        [scene.cast.acme.organization.id, who.actor.email],
    ).fetchone()
    return row[0] if row else 0


async def test_a_new_role_is_told_with_who_gave_it_and_which_it_was(scene: Scene) -> None:
    alice, vera = scene.cast.alice, scene.cast.vera

    assert (await change(scene, vera, alice, role="developer")).status_code == 200

    email = await email_to(scene.mailbox, vera.actor.email)
    text = part(email, "plain")
    assert email["Subject"] == "Your role in Acme is now Developer"
    assert "Alice changed your role in Acme from Viewer to Developer." in text
    assert "http://tenantry.test/\n" in text
    assert "token=" not in text


async def test_nothing_is_told_of_what_stays_of_other_terms_or_to_who_did_it(
    scene: Scene, eve: Player
) -> None:
    alice, vera = scene.cast.alice, scene.cast.vera
    assert (await change(scene, vera, alice, role="viewer")).status_code == 200
    assert (await change(scene, vera, alice, status="suspended")).status_code == 200
    assert (await change(scene, eve, eve, role="viewer")).status_code == 200
    assert queued(scene, vera) == queued(scene, eve) == 0


async def test_no_email_of_a_change_that_is_refused(scene: Scene) -> None:
    alice, dave = scene.cast.alice, scene.cast.dave
    assert (await change(scene, alice, alice, role="viewer")).status_code == 409
    assert (await change(scene, dave, scene.cast.vera, role="viewer")).status_code == 403
    assert (await remove(scene, alice.member_id)).status_code == 409
    assert queued(scene, alice) == queued(scene, dave) == 0


async def test_who_is_removed_reads_that_they_were_but_not_by_whom(scene: Scene) -> None:
    vera = scene.cast.vera

    assert (await remove(scene, vera.member_id)).status_code == 204

    email = await email_to(scene.mailbox, vera.actor.email)
    assert email["Subject"] == "You were removed from Acme"
    text, html = part(email, "plain"), part(email, "html")
    assert "You are no longer a member of Acme" in text
    assert "Alice" not in text + html
    assert "href" not in html


async def test_who_leaves_knows_it(scene: Scene) -> None:
    path = f"{scene.cast.acme_path}/members/me"
    answer = await scene.api.delete(path, headers=scene.cast.vera.headers)
    assert answer.status_code == 204
    assert queued(scene, scene.cast.vera) == 0


async def test_who_is_put_into_a_workspace_reads_of_it_once(scene: Scene) -> None:
    alice, vera = scene.cast.alice, scene.cast.vera
    space = await workspace(scene, name="Launch")

    assert (await place(scene, vera, alice, space)).status_code == 201
    assert (await place(scene, vera, alice, space)).status_code == 200

    email = await email_to(scene.mailbox, vera.actor.email)
    assert email["Subject"] == "Alice added you to Launch"
    assert "to the workspace Launch in Acme, as Developer." in part(email, "plain")
    assert queued(scene, vera) == 1


async def test_another_role_in_a_workspace_is_told_with_which_it_was(scene: Scene) -> None:
    alice, vera = scene.cast.alice, scene.cast.vera
    space = await workspace(scene, name="Launch")
    await place(scene, vera, alice, space)

    assert (await place(scene, vera, alice, space, "viewer")).status_code == 200
    assert (await place(scene, alice, alice, space, "viewer")).status_code == 200

    email = await email_to(scene.mailbox, vera.actor.email, subject="Your role in Launch")
    assert email["Subject"] == "Your role in Launch is now Viewer"
    changed = "Alice changed your role in the workspace Launch in Acme from Developer to Viewer."
    assert changed in part(email, "plain")
    assert queued(scene, alice) == 0


async def test_notices_end_where_they_would_be_a_nuisance_and_the_acts_go_on(scene: Scene) -> None:
    """Of another twenty emails that day, and not by them, the last is told, and none after it."""
    alice, vera = scene.cast.alice, scene.cast.vera
    for day, emails in (("2 days", 5), ("1 hour", NOTIFICATIONS_PER_DAY - 1)):
        scene.admin.execute(
            """
            insert into emails (org_id, id, recipient, state, next_attempt_at, created_at)
            select %s, gen_random_uuid(), %s, 'sent', now(), now() - %s::interval
              from generate_series(1, %s)
            """,
            [scene.cast.acme.organization.id, vera.actor.email, day, emails],
        )
    before = queued(scene, vera)

    changed = [await change(scene, vera, alice, role=role) for role in ("developer", "viewer")]
    removed = await remove(scene, vera.member_id)

    assert [each.status_code for each in (*changed, removed)] == [200, 200, 204]
    assert queued(scene, vera) == before + 1


async def test_emails_speak_the_organizations_language(scene: Scene) -> None:
    alice, vera = scene.cast.alice, scene.cast.vera
    await scene.api.patch(scene.cast.acme_path, json={"locale": "de-CH"}, headers=alice.headers)

    await change(scene, vera, alice, role="developer")

    email = await email_to(scene.mailbox, vera.actor.email)
    assert email["Subject"] == "Ihre Rolle in Acme ist jetzt Developer"
    assert email["Content-Language"] == "de"


async def test_where_it_chose_none_they_speak_the_language_of_who_acts(scene: Scene) -> None:
    email, alice = new_address(), scene.cast.alice
    answer = await scene.api.post(
        f"{scene.cast.acme_path}/members/invite",
        json={"email": email},
        headers=alice.headers | GERMAN,
    )
    assert answer.status_code == 201
    assert (await email_to(scene.mailbox, email))["Subject"] == "Alice lädt Sie zu Acme ein"
    other = new_address()
    assert (await offer(scene, other)).status_code == 201
    assert (await email_to(scene.mailbox, other))["Subject"] == "Alice invites you to Acme"


async def test_emails_about_an_account_speak_the_language_of_the_request(scene: Scene) -> None:
    email = new_address()
    body = {"email": email, "password": "seven quiet lanterns drift", "name": "Nora"}
    await scene.api.post("/api/v1/auth/sign-up", json=body, headers=GERMAN)
    message = await email_to(scene.mailbox, email)
    assert message["Subject"] == "Bestätigen Sie Ihre E-Mail-Adresse"

    await scene.api.post("/api/v1/auth/password/forgot", json={"email": email}, headers=GERMAN)
    message = await email_to(scene.mailbox, email, subject="Passwort")
    assert message["Subject"] == "Wählen Sie ein neues Passwort"
