"""DELETE /api/v1/organizations/{org_id}/members/me."""

import httpx2

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.http.responses import ORGANIZATIONS, ids, told
from tests.http.workspaces.calls import narrow
from tests.support.cast import Cast, Player, join, player
from tests.support.scene import Scene


async def leave(api: httpx2.AsyncClient, who: Player, path: str) -> httpx2.Response:
    """The answer to somebody who leaves an organization."""
    return await api.delete(f"{path}/members/me", headers=who.headers)


async def test_the_organization_is_unknown_to_who_left_and_goes_on(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    left = await leave(api, cast.dave, cast.acme_path)

    assert (left.status_code, left.content) == (204, b"")
    assert told(await api.get(cast.acme_path, headers=cast.dave.headers)) == (404, "not_found")
    stay = await api.get(f"{cast.acme_path}/members", headers=cast.alice.headers)
    assert ids(stay) == [cast.alice.member_id, cast.vera.member_id]


async def test_a_second_time_and_a_stranger_find_nothing(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    await leave(api, cast.dave, cast.acme_path)

    for who in (cast.dave, cast.charlie):
        assert told(await leave(api, who, cast.acme_path)) == (404, "not_found")


async def test_no_permission_is_needed_to_leave(scene: Scene) -> None:
    narrow(scene, scene.cast.vera, "event:read")

    assert (await leave(scene.api, scene.cast.vera, scene.cast.acme_path)).status_code == 204


async def test_the_last_admin_stays_until_there_is_another(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    assert told(await leave(api, cast.alice, cast.acme_path)) == (409, "last_admin")

    await join(service, await player(service, "Eve"), cast.acme, "admin")

    assert (await leave(api, cast.alice, cast.acme_path)).status_code == 204


async def test_no_one_leaves_their_personal_organization(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    path = f"{ORGANIZATIONS}/{show(Kind.ORGANIZATION, cast.charlie.personal_id)}"

    assert told(await leave(api, cast.charlie, path)) == (409, "personal_organization")


async def test_the_event_says_that_it_was_of_their_own_will(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    await leave(api, cast.dave, cast.acme_path)

    told_of = await api.get(
        f"{cast.acme_path}/events", params={"action": "member.left"}, headers=cast.alice.headers
    )

    (event,) = told_of.json()["data"]
    assert event["actor"]["id"] == cast.dave.id
    assert [target["id"] for target in event["targets"]] == [cast.dave.member_id]


async def test_what_is_open_to_their_address_goes_with_them(scene: Scene) -> None:
    cast = scene.cast
    token = await scene.invited(cast.charlie.actor.email, role="admin")
    await join_without_it(scene, cast.charlie)

    assert (await leave(scene.api, cast.charlie, cast.acme_path)).status_code == 204

    answer = await scene.api.post(
        "/api/v1/invitations/accept", json={"token": token}, headers=cast.charlie.headers
    )
    assert told(answer) == (410, "invitation_revoked")


async def join_without_it(scene: Scene, who: Player) -> None:
    """Make somebody a member whose invitation stays open."""
    scene.admin.execute(
        """
        insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
        select org_id, gen_random_uuid(), %s, id, now(), now() from roles
         where org_id = %s and key = 'viewer'
        """,
        [who.actor.id, scene.cast.acme.organization.id],
    )


async def test_me_names_a_membership_for_leaving_alone(api: httpx2.AsyncClient, cast: Cast) -> None:
    for method in ("GET", "PATCH"):
        answer = await api.request(
            method, f"{cast.acme_path}/members/me", json={}, headers=cast.alice.headers
        )
        assert told(answer) == (405, "method_not_allowed")
        assert answer.headers["allow"] == "DELETE, OPTIONS"
