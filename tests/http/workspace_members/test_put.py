"""PUT /api/v1/organizations/{org_id}/workspaces/{workspace_id}/members/{member_id}."""

from typing import Any

import httpx2
import pytest

from tenantry.kit.ids import Kind, new_id, parse, show
from tests.http.responses import pointers, told
from tests.http.workspace_members.calls import members_of, put
from tests.http.workspaces.calls import made, narrow, path
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene


async def test_a_role_is_made_then_changed_then_left_as_it_is(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)

    new = await put(api, cast, lab, cast.vera, "viewer")
    changed = await put(api, cast, lab, cast.vera, "developer")
    events = "select count(*) from events"
    before = scene.admin.execute(events).fetchone()
    same = await put(api, cast, lab, cast.vera, changed.json()["role"]["id"])

    assert [each.status_code for each in (new, changed, same)] == [201, 200, 200]
    assert changed.json()["role"]["key"] == "developer"
    assert changed.json()["created_at"] == new.json()["created_at"] == new.json()["updated_at"]
    assert changed.json()["updated_at"] > new.json()["updated_at"]
    assert same.json() == changed.json()
    assert scene.admin.execute(events).fetchone() == before


async def test_who_gets_a_role_in_a_private_one_sees_it(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    vault = await made(api, cast, cast.dave, visibility="private")
    assert told(await api.get(path(cast, vault), headers=cast.vera.headers)) == (404, "not_found")

    assert (await put(api, cast, vault, cast.vera, "viewer", cast.dave)).status_code == 201

    seen = await api.get(path(cast, vault), headers=cast.vera.headers)
    assert seen.json()["role"]["key"] == "viewer"


async def test_a_role_there_is_enough_to_manage_members_there(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    lab, other = await made(api, cast, cast.dave), await made(api, cast, name="Other")

    there = await put(api, cast, lab, cast.vera, "admin", cast.dave)
    elsewhere = await put(api, cast, other, cast.vera, "viewer", cast.dave)

    assert there.status_code == 201
    assert told(elsewhere) == (403, "permission_denied")
    assert elsewhere.json()["required_permission"] == "workspace:manage_members"


async def test_no_one_gives_more_than_counts_for_them_there_or_touches_who_has_more(
    scene: Scene,
) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    narrow(scene, cast.dave, "organization:read", "workspace:read", "workspace:manage_members")
    before = contents(scene)

    beyond = await put(api, cast, lab, cast.vera, "developer", cast.dave)
    above = await put(api, cast, lab, cast.alice, "viewer", cast.dave)

    assert told(beyond) == told(above) == (403, "cannot_grant_role")
    assert beyond.json()["missing_permissions"] == ["workspace:update"]
    assert contents(scene) == before
    # The Viewer's member:read and role:read are beyond Dave, and count for nothing in a workspace.
    assert (await put(api, cast, lab, cast.vera, "viewer", cast.dave)).status_code == 201


async def test_a_private_one_is_not_there_for_who_is_not_in_it(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    vault = await made(api, cast, cast.alice, visibility="private")
    narrow(scene, cast.dave, "workspace:read", "workspace:manage_members")

    answer = await put(api, cast, vault, cast.dave, "viewer", cast.dave)

    assert told(answer) == (404, "not_found")


async def test_an_archived_one_stays_as_it_is(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    scene.admin.execute(
        "update workspaces set archived_at = now() where id = %s",
        [parse(Kind.WORKSPACE, lab["id"])],
    )

    assert told(await put(api, cast, lab, cast.vera, "viewer")) == (409, "workspace_archived")


async def test_who_is_no_member_of_the_organization_is_not_found(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    lab = await made(api, cast)

    for member_id in (cast.bob.member_id, show(Kind.MEMBERSHIP, new_id()), cast.vera.id, "me"):
        answer = await api.put(
            f"{members_of(cast, lab)}/{member_id}",
            json={"role": "viewer"},
            headers=cast.alice.headers,
        )
        assert told(answer) == (404, "not_found"), member_id


@pytest.mark.parametrize("role", ["", "Admin", None, 5, "role_x"])
async def test_what_is_no_role_is_refused(scene: Scene, role: Any) -> None:
    lab = await made(scene.api, scene.cast)
    before = contents(scene)

    answer = await put(scene.api, scene.cast, lab, scene.cast.vera, role)

    assert pointers(answer) == ["#/role"]
    assert contents(scene) == before


async def test_an_unknown_role_and_a_missing_one_are_refused(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    lab = await made(api, cast)
    place = f"{members_of(cast, lab)}/{cast.vera.member_id}"

    unknown = await put(api, cast, lab, cast.vera, "emperor")
    missing = await api.put(place, json={}, headers=cast.alice.headers)

    assert told(unknown) == (422, "role_unknown")
    assert pointers(missing) == ["#/role"]
