"""A role or a workspace ends while somebody gives it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest

from tests.http.roles.custom import end, made
from tests.support.api.invitations import offer, workspace
from tests.support.database.lock_waits import until_waiting
from tests.support.scene import Scene, new_address

Giving = Callable[[Scene, str], Coroutine[Any, Any, httpx2.Response]]

# What is written about a role or a workspace waits for its row, after all that was read before.
_HOLD_ROLES = "select 1 from roles where org_id = %s for update"
_HOLD_WORKSPACES = "select 1 from workspaces where org_id = %s for update"


async def _invite(scene: Scene, role: str) -> httpx2.Response:
    return await offer(scene, new_address(), role=role)


async def _employ(scene: Scene, role: str) -> httpx2.Response:
    path = f"{scene.cast.acme_path}/members/{scene.cast.vera.member_id}"
    return await scene.api.patch(path, json={"role": role}, headers=scene.cast.alice.headers)


async def _place(scene: Scene, role: str) -> httpx2.Response:
    cast = scene.cast
    path = f"{cast.acme_path}/workspaces/{cast.workspace_id}/members/{cast.vera.member_id}"
    return await scene.api.put(path, json={"role": role}, headers=cast.alice.headers)


async def _make_a_key(scene: Scene, role: str) -> httpx2.Response:
    body = {"name": "Deploy", "role": role}
    path = f"{scene.cast.acme_path}/api-keys"
    return await scene.api.post(path, json=body, headers=scene.cast.alice.headers)


async def _make_an_account(scene: Scene, role: str) -> httpx2.Response:
    body = {"name": "Robot", "role": role}
    path = f"{scene.cast.acme_path}/service-accounts"
    return await scene.api.post(path, json=body, headers=scene.cast.alice.headers)


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("give", [_invite, _employ, _place, _make_a_key, _make_an_account])
@pytest.mark.parametrize("ends_first", [True, False])
async def test_a_role_that_ends_is_given_to_no_one(
    scene: Scene, give: Giving, ends_first: bool
) -> None:
    """Fails in all ten ways, the invariants too, once `_LOCK` of `access.locks` reads and does not
    lock: tried."""
    role = await made(scene.api, scene.cast, permissions=["workspace:read"])
    acts = [end(scene.api, scene.cast, role), give(scene, role["id"])]
    tasks = list[asyncio.Task[httpx2.Response]]()
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ROLES, [scene.cast.acme.organization.id])
        for act in acts if ends_first else acts[::-1]:
            tasks.append(asyncio.create_task(act))
            await until_waiting(scene.admin, *tasks)

    first, second = [answer.status_code for answer in await asyncio.gather(*tasks)]
    if ends_first:
        assert (first, second) == (204, 422)
    else:
        assert (first < 300, second) == (True, 409)


@pytest.mark.usefixtures("unbroken")
async def test_nothing_is_written_into_a_workspace_that_is_being_archived(scene: Scene) -> None:
    """Fails once `_LOCK` of `access.locks` reads and does not lock: tried."""
    lab, cast = await workspace(scene, name="Lab"), scene.cast
    path = f"{cast.acme_path}/workspaces/{lab['id']}"
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_WORKSPACES, [cast.acme.organization.id])
        archiving = asyncio.create_task(
            scene.api.post(f"{path}/archive", headers=cast.alice.headers)
        )
        await until_waiting(scene.admin, archiving)
        change = asyncio.create_task(
            scene.api.patch(path, json={"name": "Late"}, headers=cast.alice.headers)
        )
        await until_waiting(scene.admin, archiving, change)

    assert (await archiving).status_code == 200
    assert (await change).json()["code"] == "workspace_archived"
