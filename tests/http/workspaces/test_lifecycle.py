"""PATCH and DELETE of a workspace, and POST …/archive and …/unarchive."""

from typing import Any

import httpx2
import pytest

from tests.http.responses import BAD_NAMES, BAD_SLUGS, ids, pointers, told
from tests.http.workspace_members.calls import put, take
from tests.http.workspaces.calls import create, grant, made, path
from tests.support.api.invitations import accept, offer, offered
from tests.support.cast import Cast, Player
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address

Workspace = dict[str, Any]


async def patch(
    api: httpx2.AsyncClient, cast: Cast, workspace: Workspace, by: Player | None = None, **body: Any
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who changes a workspace."""
    return await api.patch(path(cast, workspace), json=body, headers=(by or cast.alice).headers)


async def put_aside(
    api: httpx2.AsyncClient, cast: Cast, workspace: Workspace, verb: str = "archive"
) -> httpx2.Response:
    """The answer to Alice, who archives a workspace or takes it up again."""
    return await api.post(f"{path(cast, workspace)}/{verb}", headers=cast.alice.headers)


async def end(
    api: httpx2.AsyncClient, cast: Cast, workspace: Workspace, by: Player | None = None
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who deletes a workspace."""
    return await api.delete(path(cast, workspace), headers=(by or cast.alice).headers)


@pytest.fixture
def default(cast: Cast) -> Workspace:
    """The workspace that Acme began with."""
    return {"id": cast.workspace_id}


async def test_a_patch_changes_what_it_names(api: httpx2.AsyncClient, cast: Cast) -> None:
    lab = await made(api, cast, metadata={"plan": "free", "region": "eu"})

    changed = await patch(
        api, cast, lab, name=" Works ", slug="works", metadata={"plan": None, "tier": "1"}
    )

    assert changed.json() == {
        **lab,
        "name": "Works",
        "slug": "works",
        "metadata": {"region": "eu", "tier": "1"},
        "updated_at": changed.json()["updated_at"],
    }
    assert (await patch(api, cast, lab)).json() == changed.json()
    assert (await create(api, cast, slug=lab["slug"])).status_code == 201


async def test_what_is_not_acceptable_is_refused_by_name(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    before = contents(scene)

    bad: dict[str, list[Any]] = {
        "name": BAD_NAMES,
        "slug": [*BAD_SLUGS, None],
        "visibility": ["secret", None],
    }
    for field, values in bad.items():
        for value in values:
            assert pointers(await patch(api, cast, lab, **{field: value})) == [f"#/{field}"]
    assert told(await patch(api, cast, lab, slug="default")) == (409, "slug_taken")
    assert contents(scene) == before


async def test_a_change_of_another_version_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    lab = await made(api, cast)
    seen = (await api.get(path(cast, lab), headers=cast.alice.headers)).headers["etag"]
    await patch(api, cast, lab, name="First")

    headers = {**cast.alice.headers, "If-Match": seen}
    late = await api.patch(path(cast, lab), json={"name": "Second"}, headers=headers)

    assert told(late) == (412, "precondition_failed")


async def test_one_that_becomes_private_is_unknown_to_others_at_once(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    lab = await made(api, cast)

    await patch(api, cast, lab, visibility="private")
    hidden = await api.get(path(cast, lab), headers=cast.vera.headers)
    await patch(api, cast, lab, visibility="organization")

    assert told(hidden) == (404, "not_found")
    assert (await api.get(path(cast, lab), headers=cast.vera.headers)).status_code == 200


async def test_an_archived_one_can_be_read_and_nothing_else(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    assert (await put(api, cast, lab, cast.vera, "viewer")).status_code == 201

    archived = await put_aside(api, cast, lab)

    assert archived.json()["archived_at"] is not None
    assert (await put_aside(api, cast, lab)).json() == archived.json()
    there = [{"workspace_id": lab["id"], "role": "viewer"}]
    for refused in (
        await patch(api, cast, lab, name="Other"),
        await put(api, cast, lab, cast.dave, "viewer"),
        await take(api, cast, lab, cast.vera),
        await offer(scene, new_address(), workspaces=there),
    ):
        assert told(refused) == (409, "workspace_archived")
    workspaces = f"{cast.acme_path}/workspaces"
    usual = await api.get(workspaces, headers=cast.vera.headers)
    every = await api.get(workspaces, params={"archived": "true"}, headers=cast.vera.headers)
    shown = await api.get(path(cast, lab), headers=cast.vera.headers)
    assert lab["id"] not in ids(usual)
    assert lab["id"] in ids(every)
    assert shown.json()["role"]["key"] == "viewer"


async def test_one_that_is_taken_up_again_is_as_it_was(api: httpx2.AsyncClient, cast: Cast) -> None:
    lab = await made(api, cast)
    await put_aside(api, cast, lab)

    back = await put_aside(api, cast, lab, "unarchive")

    assert back.json() == {**lab, "updated_at": back.json()["updated_at"]}
    assert (await put_aside(api, cast, lab, "unarchive")).json() == back.json()
    assert (await patch(api, cast, lab, name="Other")).status_code == 200


async def test_the_default_one_stays_open_to_all(scene: Scene, default: Workspace) -> None:
    api, cast = scene.api, scene.cast
    before = contents(scene)

    for refused in (
        await put_aside(api, cast, default),
        await end(api, cast, default),
        await patch(api, cast, default, visibility="private"),
    ):
        assert told(refused) == (409, "default_workspace")
    assert contents(scene) == before
    assert (await patch(api, cast, default, name="Home")).status_code == 200


async def test_one_that_ends_takes_along_what_was_held_and_offered_there(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab = await made(api, cast)
    assert (await put(api, cast, lab, cast.vera, "viewer")).status_code == 201
    there = [{"workspace_id": lab["id"], "role": "viewer"}]
    token = await offered(scene, cast.charlie.actor.email, workspaces=there)

    assert (await end(api, cast, lab)).status_code == 204

    assert told(await api.get(path(cast, lab), headers=cast.alice.headers)) == (404, "not_found")
    assert told(await end(api, cast, lab)) == (404, "not_found")
    assert (await create(api, cast, slug=lab["slug"])).status_code == 201
    vera = f"{cast.acme_path}/members/{cast.vera.member_id}"
    assert (await api.get(vera, headers=cast.alice.headers)).json()["workspaces"] == []
    joined = await accept(scene, cast.charlie, token)
    assert (joined.status_code, joined.json()["workspaces"]) == (200, [])


async def test_the_role_there_counts_as_well(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    lab, other = await made(api, cast), await made(api, cast, name="Other")
    grant(scene, lab, cast.vera, "admin")

    changed = await patch(api, cast, lab, by=cast.vera, name="Vera's")
    beside = await patch(api, cast, other, by=cast.vera, name="Vera's")
    beyond = await end(api, cast, other, by=cast.dave)

    assert changed.status_code == 200
    assert told(beside) == told(beyond) == (403, "permission_denied")
    assert (await end(api, cast, lab, by=cast.vera)).status_code == 204
