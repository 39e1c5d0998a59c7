"""DELETE /api/v1/organizations/{org_id}/members/{member_id}."""

import httpx2
import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.http.responses import ORGANIZATIONS, ids, told
from tests.support.cast import Cast, Player, join, player
from tests.support.mail.mailbox import email_to, token_in
from tests.support.scene import Scene


async def remove(api: httpx2.AsyncClient, cast: Cast, who: Player, by: Player) -> httpx2.Response:
    """The answer to somebody who removes a member of Acme."""
    return await api.delete(f"{cast.acme_path}/members/{who.member_id}", headers=by.headers)


async def test_the_organization_is_unknown_to_them_from_then_on(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    removed = await remove(api, cast, cast.vera, cast.alice)

    assert (removed.status_code, removed.content) == (204, b"")
    for path in ("", "/members", "/workspaces", "/roles"):
        answer = await api.get(f"{cast.acme_path}{path}", headers=cast.vera.headers)
        assert told(answer) == (404, "not_found")
    own = await api.get(ORGANIZATIONS, headers=cast.vera.headers)
    assert cast.acme_path.rpartition("/")[2] not in ids(own)


async def test_a_second_removal_finds_no_one(api: httpx2.AsyncClient, cast: Cast) -> None:
    await remove(api, cast, cast.vera, cast.alice)

    again = await remove(api, cast, cast.vera, cast.alice)
    shown = await api.get(
        f"{cast.acme_path}/members/{cast.vera.member_id}", headers=cast.alice.headers
    )

    assert told(again) == told(shown) == (404, "not_found")


async def test_the_last_admin_stays(api: httpx2.AsyncClient, cast: Cast) -> None:
    assert told(await remove(api, cast, cast.alice, cast.alice)) == (409, "last_admin")


async def test_one_of_two_admins_may_go(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    eve = await join(service, await player(service, "Eve"), cast.acme, "admin")

    assert (await remove(api, cast, cast.alice, eve)).status_code == 204
    assert told(await remove(api, cast, eve, eve)) == (409, "last_admin")


async def test_no_one_removes_who_may_more_than_they(scene: Scene) -> None:
    scene.admin.execute(
        "update roles set permissions = permissions || %s where org_id = %s and key = 'developer'",
        [["member:remove"], scene.cast.acme.organization.id],
    )

    upwards = await remove(scene.api, scene.cast, scene.cast.alice, scene.cast.dave)
    downwards = await remove(scene.api, scene.cast, scene.cast.vera, scene.cast.dave)

    assert told(upwards) == (403, "cannot_grant_role")
    assert downwards.status_code == 204


@pytest.mark.parametrize("by", ["charlie", "guest"])
async def test_the_owner_of_a_personal_organization_stays(scene: Scene, by: str) -> None:
    charlie = scene.cast.charlie
    personal = show(Kind.ORGANIZATION, charlie.personal_id)
    members = f"{ORGANIZATIONS}/{personal}/members"
    (own,) = ids(await scene.api.get(members, headers=charlie.headers))
    invited = await scene.api.post(
        f"{members}/invite",
        json={"email": scene.cast.bob.actor.email, "role": "admin"},
        headers=charlie.headers,
    )
    assert invited.status_code == 201
    page = await _joined(scene, scene.cast.bob)

    remover = charlie if by == "charlie" else page
    answer = await scene.api.delete(f"{members}/{own}", headers=remover.headers)

    assert told(answer) == (409, "personal_organization")


async def _joined(scene: Scene, who: Player) -> Player:
    """Somebody who took up the invitation that their newest email brings."""
    token = token_in(await email_to(scene.mailbox, who.actor.email, subject="invites you"))
    await scene.api.post("/api/v1/invitations/accept", json={"token": token}, headers=who.headers)
    return who
