"""A key is made while what it rests on ends."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest

from tests.http.roles.custom import end, made
from tests.support.api.invitations import workspace
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

Act = Callable[[Scene, dict[str, Any]], Coroutine[Any, Any, httpx2.Response]]

# A change of access waits here, after all that was read before.
_HOLD = "select 1 from organizations where org_id = %s for update"
_SECRETS_OF_NOTHING = """
    select count(*) from api_key_secrets s
     where s.org_id = %s
       and not exists (select from api_keys k where k.org_id = s.org_id and k.id = s.key_id)
"""


async def _post(scene: Scene, what: str, **body: Any) -> httpx2.Response:
    path = f"{scene.cast.acme_path}/{what}"
    return await scene.api.post(
        path, json={"name": "Deploy", **body}, headers=scene.cast.alice.headers
    )


async def _delete(scene: Scene, what: str, given: dict[str, Any]) -> httpx2.Response:
    path = f"{scene.cast.acme_path}/{what}/{given['id']}"
    return await scene.api.delete(path, headers=scene.cast.alice.headers)


async def _role(scene: Scene) -> dict[str, Any]:
    return await made(scene.api, scene.cast, permissions=["workspace:read"])


async def _lab(scene: Scene) -> dict[str, Any]:
    return await workspace(scene, name="Lab")


async def _robot(scene: Scene) -> dict[str, Any]:
    return (await _post(scene, "service-accounts", role="viewer")).json()


async def _own_with(scene: Scene, role: dict[str, Any]) -> httpx2.Response:
    return await _post(scene, "api-keys", role=role["id"])


async def _account_with(scene: Scene, role: dict[str, Any]) -> httpx2.Response:
    return await _post(scene, "service-accounts", role=role["id"])


async def _own_in(scene: Scene, lab: dict[str, Any]) -> httpx2.Response:
    return await _post(scene, "api-keys", role="viewer", workspace_id=lab["id"])


async def _account_in(scene: Scene, lab: dict[str, Any]) -> httpx2.Response:
    return await _post(scene, "service-accounts", role="viewer", workspace_id=lab["id"])


async def _of_account(scene: Scene, account: dict[str, Any]) -> httpx2.Response:
    return await _post(scene, "api-keys", service_account_id=account["id"])


async def _end_role(scene: Scene, role: dict[str, Any]) -> httpx2.Response:
    return await end(scene.api, scene.cast, role)


async def _end_lab(scene: Scene, lab: dict[str, Any]) -> httpx2.Response:
    return await _delete(scene, "workspaces", lab)


async def _end_account(scene: Scene, account: dict[str, Any]) -> httpx2.Response:
    return await _delete(scene, "service-accounts", account)


async def _in_turn(
    scene: Scene, *acts: Coroutine[Any, Any, httpx2.Response]
) -> list[httpx2.Response]:
    """The answers to acts that meet at the organization's lock, and get it in this order."""
    tasks = list[asyncio.Task[httpx2.Response]]()
    with scene.admin.transaction():
        scene.admin.execute(_HOLD, [scene.cast.acme.organization.id])
        for act in acts:
            tasks.append(asyncio.create_task(act))
            await until_waiting(scene.admin, *tasks)
    return await asyncio.gather(*tasks)


RESTS = [
    (_role, _own_with, _end_role, 409),
    (_role, _account_with, _end_role, 409),
    (_lab, _own_in, _end_lab, 204),
    (_lab, _account_in, _end_lab, 204),
    (_robot, _of_account, _end_account, 204),
]


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize(("make", "use", "finish", "in_use"), RESTS)
@pytest.mark.parametrize("ends_first", [True, False])
async def test_nothing_is_made_that_rests_on_what_has_ended(
    scene: Scene,
    make: Callable[[Scene], Coroutine[Any, Any, dict[str, Any]]],
    use: Act,
    finish: Act,
    in_use: int,
    ends_first: bool,
) -> None:
    """Fails in all ten ways, and the invariants where a role ends, once `_LOCK` of `access.locks`
    reads and does not lock: tried."""
    thing = await make(scene)
    acts = [finish(scene, thing), use(scene, thing)]
    first, second = await _in_turn(scene, *(acts if ends_first else acts[::-1]))
    statuses = first.status_code, second.status_code
    if ends_first:
        assert statuses in [(204, 422), (204, 404)]  # 404: what is bound is done in the workspace
    else:
        assert statuses == (201, in_use)
    assert count(scene.admin, _SECRETS_OF_NOTHING, scene.cast.acme.organization.id) == 0
