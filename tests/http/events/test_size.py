"""An event says what changed, and no more: what writes little is not kept as much."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from tests.support.api.invitations import workspace
from tests.support.database.replay import present, replayed
from tests.support.scene import Scene

LARGE = {f"key_{n}": "x" * 500 for n in range(50)}
ACME, WORKSPACE = "organization", "workspace"


async def path_of(scene: Scene, kind: str) -> str:
    """The way to an organization, or a workspace of it, with as much metadata as there may be."""
    path = scene.cast.acme_path
    if kind == WORKSPACE:
        path = f"{path}/workspaces/{(await workspace(scene, name='Lab'))['id']}"
    await patch(scene, path, LARGE)
    return path


async def patch(scene: Scene, path: str, metadata: Mapping[str, str | None] | None) -> None:
    headers = scene.cast.alice.headers
    answer = await scene.api.patch(path, json={"metadata": metadata}, headers=headers)
    assert answer.status_code == 200, answer.text


async def newest(scene: Scene) -> dict[str, Any]:
    """What the newest event says has changed."""
    query = {"order": "desc", "limit": 1}
    answer = await scene.api.get(
        f"{scene.cast.acme_path}/events", params=query, headers=scene.cast.alice.headers
    )
    (change,) = answer.json()["data"][0]["changes"]
    return change


@pytest.mark.parametrize("kind", [ACME, WORKSPACE])
async def test_a_change_of_one_key_of_metadata_tells_that_key_alone(
    scene: Scene, kind: str
) -> None:
    """Fails with 51 kB where metadata is told as a whole, before and after."""
    path = await path_of(scene, kind)
    for change, before, after in (
        ({"key_0": "y"}, {"key_0": "x" * 500}, {"key_0": "y"}),
        ({"key_0": None}, {"key_0": "y"}, {"key_0": None}),
        ({"new": "z"}, {"new": None}, {"new": "z"}),
    ):
        await patch(scene, path, change)
        told = await newest(scene)
        assert (told["before"], told["after"]) == ({"metadata": before}, {"metadata": after})
        assert len(orjson.dumps(told)) < 1000


@pytest.mark.parametrize("kind", [ACME, WORKSPACE])
async def test_changed_keys_alone_still_give_the_whole(scene: Scene, kind: str) -> None:
    path, org_id = await path_of(scene, kind), scene.cast.acme.organization.id
    scene.admin.execute(
        "delete from memberships where org_id = %s and user_id <> %s",
        [org_id, scene.cast.alice.actor.id],
    )
    for change in (
        {"key_0": "y", "key_1": None, "new": "z"},
        {"new": None, "key_1": "back"},
        None,
        {"a": "b"},
    ):
        await patch(scene, path, change)
        assert replayed(scene.admin, org_id) == present(scene.admin, org_id)
