"""DELETE /api/v1/organizations/{org_id}/roles/{role_id}."""

from typing import Any

import httpx2

from tests.http.responses import told
from tests.http.roles.custom import create, default, end, hold, made, path
from tests.http.workspace_members.calls import put
from tests.support.api.invitations import offer
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address

PAST = "expires_at = now() - interval '1 second'"


async def used(scene: Scene) -> tuple[dict[str, Any], str]:
    """A role that Dave holds, and Vera in a workspace; it is offered to the address twice over."""
    api, cast = scene.api, scene.cast
    role, email = await made(api, cast), new_address()
    await hold(api, cast, cast.dave, role)
    assert (await put(api, cast, {"id": cast.workspace_id}, cast.vera, role["id"])).is_success
    there = [{"workspace_id": cast.workspace_id, "role": role["id"]}]
    assert (await offer(scene, email, role=role["id"], workspaces=there)).status_code == 201
    return role, email


async def test_one_that_no_one_holds_goes_and_its_key_is_free(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    role = await made(api, cast)

    assert (await end(api, cast, role)).status_code == 204

    assert told(await api.get(path(cast, role), headers=cast.alice.headers)) == (404, "not_found")
    assert told(await end(api, cast, role)) == (404, "not_found")
    again = await create(api, cast)
    assert (again.status_code, again.json()["key"]) == (201, role["key"])
    assert again.json()["id"] != role["id"]


async def test_one_in_use_stays_and_tells_where(scene: Scene) -> None:
    role, _ = await used(scene)
    before = contents(scene)

    answer = await end(scene.api, scene.cast, role)

    assert told(answer) == (409, "role_in_use")
    problem = answer.json()
    uses = [problem[each] for each in ("members", "workspace_members", "invitations")]
    assert uses == [1, 1, 1]
    assert contents(scene) == before


async def test_a_replacement_takes_its_place_everywhere(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    role, email = await used(scene)
    developer = await default(api, cast, "developer")

    assert (await end(api, cast, role, developer)).status_code == 204

    assert scene.role_of(cast.dave.actor.email) == "developer"
    there = f"{cast.acme_path}/workspaces/{cast.workspace_id}/members"
    placed = (await api.get(there, headers=cast.alice.headers)).json()["data"]
    assert {each["role"]["key"] for each in placed} == {"admin", "developer"}
    (open_one,) = [
        each
        for each in (
            await api.get(f"{cast.acme_path}/invitations", headers=cast.alice.headers)
        ).json()["data"]
        if each["email"] == email
    ]
    assert open_one["role"]["key"] == "developer"
    assert [grant["role"]["key"] for grant in open_one["workspaces"]] == ["developer"]
    listed = await api.get(
        f"{cast.acme_path}/events", params={"order": "desc"}, headers=cast.alice.headers
    )
    event = listed.json()["data"][0]
    assert event["action"] == "role.deleted"
    assert [change["type"] for change in event["changes"]] == [
        *("member", "workspace_member", "invitation", "role")
    ]


async def test_what_is_settled_still_shows_the_role_that_it_offered(scene: Scene) -> None:
    api, cast, email = scene.api, scene.cast, new_address()
    role = await made(api, cast)
    invitation = (await offer(scene, email, role=role["id"])).json()
    where = f"{cast.acme_path}/invitations/{invitation['id']}"
    assert (await api.delete(where, headers=cast.alice.headers)).status_code == 204

    assert (await end(api, cast, role)).status_code == 204

    shown = (await api.get(where, headers=cast.alice.headers)).json()
    assert (shown["status"], shown["role"]["id"]) == ("revoked", role["id"])


async def test_an_invitation_past_its_time_cannot_bring_the_role_back(scene: Scene) -> None:
    api, cast, email = scene.api, scene.cast, new_address()
    role = await made(api, cast)
    invitation = (await offer(scene, email, role=role["id"])).json()
    scene.change_invitation(email, PAST)
    assert (await end(api, cast, role)).status_code == 204

    resent = await api.post(
        f"{cast.acme_path}/invitations/{invitation['id']}/resend", headers=cast.alice.headers
    )

    assert told(resent) == (410, "invitation_revoked")
    assert (await offer(scene, email)).status_code == 201


async def test_a_default_role_stays(api: httpx2.AsyncClient, cast: Cast) -> None:
    admin, viewer = await default(api, cast, "admin"), await default(api, cast, "viewer")

    assert told(await end(api, cast, viewer)) == (409, "default_role")
    assert told(await end(api, cast, viewer, admin)) == (409, "default_role")


async def test_a_replacement_is_another_role_of_the_organization(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    role, gone = await made(api, cast), await made(api, cast, name="Gone")
    await end(api, cast, gone)
    bobs = (await api.get(f"{cast.bobs_path}/roles", headers=cast.bob.headers)).json()["data"][0]

    for other in (role, gone, bobs):
        assert told(await end(api, cast, role, other)) == (422, "role_unknown")


async def test_no_one_ends_what_is_above_them_or_lifts_people_above_them(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    keeper = await made(api, cast, name="Keeper", permissions=["role:read", "role:manage"])
    auditor, empty = await made(api, cast), await made(api, cast, name="Empty", permissions=[])
    await hold(api, cast, cast.dave, keeper)

    assert told(await end(api, cast, auditor, by=cast.dave)) == (403, "cannot_grant_role")
    assert told(await end(api, cast, empty, auditor, by=cast.dave)) == (403, "cannot_grant_role")
    assert (await end(api, cast, empty, by=cast.dave)).status_code == 204
