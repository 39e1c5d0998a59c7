"""A permission is withdrawn while a role is being given it."""

import asyncio

import httpx2
import pytest

from tests.http.permissions.declarations import declared, withdraw
from tests.http.roles.custom import create, made, path
from tests.support.database.lock_waits import until_waiting
from tests.support.scene import Scene

_HOLD_PERMISSION = "select 1 from permissions where name = %s for update"


def _holders(scene: Scene, name: str) -> int:
    row = scene.admin.execute(
        "select count(*) from roles where %s = any (permissions) and retired_at is null", [name]
    ).fetchone()
    assert row is not None
    return row[0]


def _is_declared(scene: Scene, name: str) -> bool:
    row = scene.admin.execute("select 1 from permissions where name = %s", [name]).fetchone()
    return row is not None


@pytest.mark.parametrize("withdrawn_first", [True, False])
@pytest.mark.parametrize("changed", [True, False])
async def test_no_role_is_left_with_a_permission_that_there_is_not(
    scene: Scene, withdrawn_first: bool, changed: bool
) -> None:
    """Fails where it is withdrawn first, for the change and for the making, once `_HOLD` of
    `permissions.store` reads and does not lock: tried."""
    name = await declared(scene.api, scene.cast)
    role = await made(scene.api, scene.cast, permissions=[])

    async def give() -> httpx2.Response:
        if not changed:
            return await create(scene.api, scene.cast, permissions=[name])
        headers = {**scene.cast.alice.headers, "If-Match": "*"}
        body = {"permissions": [name]}
        return await scene.api.patch(path(scene.cast, role), json=body, headers=headers)

    acts = [withdraw(scene.api, scene.cast, name), give()]
    tasks = list[asyncio.Task[httpx2.Response]]()
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_PERMISSION, [name])
        for act in acts if withdrawn_first else acts[::-1]:
            tasks.append(asyncio.create_task(act))
            await until_waiting(scene.admin, *tasks)

    first, second = [answer.status_code for answer in await asyncio.gather(*tasks)]
    assert (first < 300, second) == (True, 422 if withdrawn_first else 409)
    assert _is_declared(scene, name) == bool(_holders(scene, name))


async def test_many_who_take_and_give_at_once_leave_no_role_with_what_there_is_not(
    scene: Scene,
) -> None:
    """Fails once `_HOLD` of `permissions.store` reads and does not lock: tried."""
    names = [await declared(scene.api, scene.cast) for _ in range(8)]

    answers = await asyncio.gather(
        *(
            act
            for name in names
            for act in (
                create(scene.api, scene.cast, permissions=[name]),
                withdraw(scene.api, scene.cast, name),
            )
        )
    )

    assert {answer.status_code for answer in answers} <= {201, 204, 409, 422}
    for name in names:
        assert _is_declared(scene, name) == bool(_holders(scene, name))
