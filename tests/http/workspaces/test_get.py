"""GET /api/v1/organizations/{org_id}/workspaces/{workspace_id}."""

import httpx2

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id, show
from tests.http.responses import told
from tests.http.workspaces.calls import grant, made, narrow, path
from tests.support.cast import Cast, join, player
from tests.support.scene import Scene


async def test_every_member_reads_what_is_open_to_the_organization(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    lab = await made(api, cast)

    shown = await api.get(path(cast, lab), headers=cast.vera.headers)

    assert shown.json() == {**lab, "role": None}


async def test_a_private_one_is_unknown_to_others_as_if_it_were_not_there(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    private = await made(api, cast, visibility="private")
    nowhere = {"id": show(Kind.WORKSPACE, new_id())}

    answers = [
        await api.get(path(cast, each), headers=cast.dave.headers) for each in (private, nowhere)
    ]

    assert [told(each) for each in answers] == [(404, "not_found")] * 2
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


async def test_a_private_one_is_seen_by_its_members_and_by_admins(
    scene: Scene, service: Service
) -> None:
    api, cast = scene.api, scene.cast
    eve = await join(service, await player(service, "Eve"), cast.acme, "admin")
    private = await made(api, cast, cast.dave, visibility="private")
    grant(scene, private, cast.vera, "viewer")

    roles = {
        who.actor.name: (await api.get(path(cast, private), headers=who.headers)).json()["role"]
        for who in (cast.alice, cast.dave, cast.vera, eve)
    }

    assert {name: role and role["key"] for name, role in roles.items()} == {
        "Alice": None,
        "Dave": "admin",
        "Vera": "viewer",
        "Eve": None,
    }


async def test_the_role_there_adds_to_the_role_in_the_organization(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    narrow(scene, cast.vera, "organization:read")

    without = await api.get(path(cast, lab), headers=cast.vera.headers)
    grant(scene, lab, cast.vera, "viewer")
    inside = await api.get(path(cast, lab), headers=cast.vera.headers)
    beside = await api.get(
        f"{cast.acme_path}/workspaces/{cast.workspace_id}", headers=cast.vera.headers
    )
    every = await api.get(f"{cast.acme_path}/workspaces", headers=cast.vera.headers)

    assert inside.json()["role"]["key"] == "viewer"
    for answer in (without, beside, every):
        assert told(answer) == (403, "permission_denied")
        assert answer.json()["required_permission"] == "workspace:read"


async def test_the_role_there_gives_nothing_outside_of_it(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast, cast.dave)
    narrow(scene, cast.dave, "organization:read")
    assert (await api.get(path(cast, lab), headers=cast.dave.headers)).status_code == 200

    for elsewhere in ("members", "roles", "events"):
        answer = await api.get(f"{cast.acme_path}/{elsewhere}", headers=cast.dave.headers)
        assert told(answer) == (403, "permission_denied")
