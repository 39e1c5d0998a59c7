"""DELETE /api/v1/organizations/{org_id}/workspaces/{workspace_id}/members/{member_id}."""

import httpx2

from tenantry.kit.ids import Kind, parse
from tests.http.responses import told
from tests.http.workspace_members.calls import put, take
from tests.http.workspaces.calls import made, narrow, path
from tests.support.cast import Cast
from tests.support.scene import Scene


async def test_who_lost_their_role_there_does_not_see_a_private_one_any_more(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    vault = await made(api, cast, cast.dave, visibility="private")
    await put(api, cast, vault, cast.vera, "viewer", cast.dave)

    gone = await take(api, cast, vault, cast.vera, cast.dave)

    assert (gone.status_code, gone.content) == (204, b"")
    assert told(await api.get(path(cast, vault), headers=cast.vera.headers)) == (404, "not_found")
    assert (await api.get(cast.acme_path, headers=cast.vera.headers)).status_code == 200


async def test_a_second_time_there_is_nothing_to_take(api: httpx2.AsyncClient, cast: Cast) -> None:
    lab = await made(api, cast, cast.dave)
    await take(api, cast, lab, cast.dave)

    for who in (cast.dave, cast.vera):
        assert told(await take(api, cast, lab, who)) == (404, "not_found")


async def test_no_one_takes_a_role_that_is_above_their_own_there(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    await put(api, cast, lab, cast.vera, "viewer")
    narrow(scene, cast.dave, "workspace:read", "workspace:manage_members")

    above = await take(api, cast, lab, cast.alice, cast.dave)
    below = await take(api, cast, lab, cast.vera, cast.dave)

    assert told(above) == (403, "cannot_grant_role")
    assert below.status_code == 204


async def test_an_archived_one_stays_as_it_is(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast, cast.dave)
    scene.admin.execute(
        "update workspaces set archived_at = now() where id = %s",
        [parse(Kind.WORKSPACE, lab["id"])],
    )

    assert told(await take(api, cast, lab, cast.dave)) == (409, "workspace_archived")
