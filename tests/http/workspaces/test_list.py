"""GET /api/v1/organizations/{org_id}/workspaces."""

from typing import Any

import httpx2

from tenantry.http.service import Service
from tests.http.responses import ids, pointers
from tests.http.workspaces.calls import grant, made
from tests.support.cast import Cast, Player, join, player
from tests.support.scene import Scene


async def listed(api: httpx2.AsyncClient, cast: Cast, who: Player, **query: str) -> httpx2.Response:
    """The workspaces of Acme, as somebody is shown them."""
    return await api.get(f"{cast.acme_path}/workspaces", params=query, headers=who.headers)


async def test_a_private_one_is_listed_to_its_members_and_to_admins_alone(
    scene: Scene, service: Service
) -> None:
    api, cast = scene.api, scene.cast
    eve = await join(service, await player(service, "Eve"), cast.acme, "admin")
    private = await made(api, cast, cast.dave, visibility="private")

    seen = {
        who.actor.name: private["id"] in ids(await listed(api, cast, who))
        for who in (cast.alice, cast.dave, cast.vera, eve)
    }
    assert seen == {"Alice": True, "Dave": True, "Vera": False, "Eve": True}

    grant(scene, private, cast.vera, "viewer")
    assert private["id"] in ids(await listed(api, cast, cast.vera))


async def test_ones_own_role_there_is_told_and_null_where_there_is_none(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast, cast.dave)
    grant(scene, lab, cast.vera, "developer")

    def roles(answer: httpx2.Response) -> list[Any]:
        return [each["role"] and each["role"]["key"] for each in answer.json()["data"]]

    assert roles(await listed(api, cast, cast.alice)) == ["admin", None]
    assert roles(await listed(api, cast, cast.dave)) == [None, "admin"]
    assert roles(await listed(api, cast, cast.vera)) == [None, "developer"]


async def test_archived_ones_are_listed_if_they_are_wanted(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    scene.admin.execute(
        "update workspaces set archived_at = now() where org_id = %s and slug = %s",
        [cast.acme.organization.id, lab["slug"]],
    )

    usual = await listed(api, cast, cast.vera)
    without = await listed(api, cast, cast.vera, archived="false")
    every = await listed(api, cast, cast.vera, archived="true")
    direct = await api.get(f"{cast.acme_path}/workspaces/{lab['id']}", headers=cast.vera.headers)

    assert ids(usual) == ids(without) == [cast.workspace_id]
    assert ids(every) == [cast.workspace_id, lab["id"]]
    assert direct.json()["archived_at"] is not None


async def test_only_true_and_false_are_answers(api: httpx2.AsyncClient, cast: Cast) -> None:
    for word in ("", "yes", "1", "True"):
        assert pointers(await listed(api, cast, cast.vera, archived=word)) == ["archived"]
