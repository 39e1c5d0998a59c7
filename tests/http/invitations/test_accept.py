"""POST /api/v1/invitations/accept."""

import httpx2

from tenantry.http.service import Service
from tests.http.responses import API, told
from tests.http.workspaces.calls import made
from tests.support.cast import Player, join, player
from tests.support.database.contents import contents
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import Scene


async def accept(scene: Scene, token: str, who: Player) -> httpx2.Response:
    """The answer to somebody who accepts."""
    return await scene.api.post(
        f"{API}/invitations/accept", json={"token": token}, headers=who.headers
    )


async def test_one_becomes_the_member_that_was_offered(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast, visibility="private")
    grants = [{"workspace_id": lab["id"], "role": "developer"}]
    await api.post(
        f"{cast.acme_path}/members/invite",
        json={"email": cast.charlie.actor.email, "workspaces": grants},
        headers=cast.alice.headers,
    )
    token = token_in(await email_to(scene.mailbox, cast.charlie.actor.email))

    member = (await accept(scene, token, cast.charlie)).json()

    shown = await api.get(f"{cast.acme_path}/members/{member['id']}", headers=cast.alice.headers)
    there = await api.get(f"{cast.acme_path}/workspaces/{lab['id']}", headers=cast.charlie.headers)
    assert member["user"]["id"] == cast.charlie.id
    assert (member["role"]["key"], member["status"]) == ("viewer", "active")
    assert [grant["workspace_id"] for grant in member["workspaces"]] == [lab["id"]]
    assert shown.json() == member
    assert there.json()["role"]["key"] == "developer"


async def test_the_same_person_again_is_the_same_member(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await scene.invited(charlie.actor.email)
    first = await accept(scene, token, charlie)
    before = contents(scene)

    again = await accept(scene, token, charlie)

    after = contents(scene)
    assert (again.status_code, again.json()) == (200, first.json())
    # Looking took the organization's lock, which is a change of its revision.
    assert {table for table in after if after[table] != before[table]} == {"organizations"}


async def test_who_was_removed_since_does_not_come_back_with_it(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await scene.invited(charlie.actor.email)
    member = (await accept(scene, token, charlie)).json()
    await scene.api.delete(
        f"{scene.cast.acme_path}/members/{member['id']}", headers=scene.cast.alice.headers
    )

    assert told(await accept(scene, token, charlie)) == (410, "invitation_accepted")


async def test_another_address_is_refused_and_the_invitation_stays_open(scene: Scene) -> None:
    cast = scene.cast
    token = await scene.invited(cast.charlie.actor.email)
    before = contents(scene)

    refused = await accept(scene, token, cast.bob)

    assert told(refused) == (403, "invitation_for_another_email")
    assert cast.charlie.actor.email not in refused.text
    assert contents(scene) == before
    assert (await accept(scene, token, cast.charlie)).status_code == 200


async def test_who_became_a_member_meanwhile_is_one_already(scene: Scene, service: Service) -> None:
    charlie = scene.cast.charlie
    token = await scene.invited(charlie.actor.email)
    await join(service, charlie, scene.cast.acme, "developer")

    assert told(await accept(scene, token, charlie)) == (409, "already_member")
    assert scene.role_of(charlie.actor.email) == "developer"


async def test_what_the_inviter_may_no_longer_give_is_not_got(
    scene: Scene, service: Service
) -> None:
    charlie, cast = scene.cast.charlie, scene.cast
    eve = await join(service, await player(service, "Eve"), cast.acme, "admin")
    token = await scene.invited(charlie.actor.email, role="admin", by=eve)
    await scene.api.delete(f"{cast.acme_path}/members/{eve.member_id}", headers=cast.alice.headers)

    assert told(await accept(scene, token, charlie)) == (409, "inviter_cannot_grant")


async def test_accepting_proves_the_address(scene: Scene, service: Service) -> None:
    nora = await player(service, "Nora", verified=False)
    token = await scene.invited(nora.actor.email)

    await accept(scene, token, nora)

    me = await scene.api.get(f"{API}/me", headers=nora.headers)
    assert me.json()["email_verified"] is True


async def test_a_token_that_no_one_was_sent_is_not_found(scene: Scene) -> None:
    assert told(await accept(scene, "A" * 43, scene.cast.charlie)) == (404, "not_found")
