"""How many there may be of roles and workspaces, when several are made at once."""

import asyncio
from typing import Any

import pytest

from tenantry.kit.limits import Limits
from tests.conftest import ClientOf
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

# Whatever is counted before, nothing that belongs to Acme can be written for so long.
_HOLD_ACME = "select 1 from organizations where org_id = %s for update"
_ROLES = "select count(*) from roles where org_id = %s and not is_default"
_WORKSPACES = "select count(*) from workspaces where org_id = %s and not is_default"


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize(
    ("noun", "limits", "present"),
    [("roles", Limits(custom_roles=2), _ROLES), ("workspaces", Limits(workspaces=3), _WORKSPACES)],
    ids=["roles", "workspaces"],
)
async def test_of_four_who_make_one_at_once_two_find_room(
    client_of: ClientOf, scene: Scene, noun: str, limits: Limits, present: str
) -> None:
    """The default workspace counts, the default roles do not.

    Fails with four 201, of either, once `_LOCK` of `access.locks` reads and does not lock: tried.
    """
    api, org_id = await client_of(limits=limits), scene.cast.acme.organization.id
    body: dict[str, Any] = {"permissions": []} if noun == "roles" else {}
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [org_id])
        making = [
            asyncio.create_task(
                api.post(
                    f"{scene.cast.acme_path}/{noun}",
                    json={"name": f"Number {number}", **body},
                    headers=scene.cast.alice.headers,
                )
            )
            for number in range(4)
        ]
        await until_waiting(scene.admin, *making)

    answers = await asyncio.gather(*making)
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "limit_reached"}
    assert count(scene.admin, present, org_id) == 2
