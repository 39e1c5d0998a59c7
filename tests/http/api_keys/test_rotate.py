"""Renewing a key: the present secret lives on for a while, and two live at most."""

import asyncio
from typing import Any

import pytest

from tests.http.api_keys.keys import is_alive, key
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

pytestmark = pytest.mark.usefixtures("unbroken")

_HOLD = "select 1 from organizations where org_id = %s for update"


async def _renewed(scene: Scene, made: dict[str, Any], **body: Any) -> dict[str, Any]:
    path = f"{scene.cast.acme_path}/api-keys/{made['id']}/rotate"
    answer = await scene.api.post(path, json=body, headers=scene.cast.alice.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _alive(scene: Scene, *keys: dict[str, Any]) -> list[bool]:
    return [await is_alive(scene.api, scene.cast, each) for each in keys]


async def test_a_renewal_ends_what_an_earlier_one_replaced(scene: Scene) -> None:
    """Failed where every replaced secret went on until its own overlap was over."""
    first = await key(scene.api, scene.cast)
    second = await _renewed(scene, first)
    assert await _alive(scene, first, second) == [True, True]
    third = await _renewed(scene, first, overlap_seconds=3600)
    assert await _alive(scene, first, second, third) == [False, True, True]
    fourth = await _renewed(scene, first, overlap_seconds=0)
    assert await _alive(scene, first, second, third, fourth) == [False, False, False, True]


async def test_of_three_renewals_at_once_two_secrets_are_left(scene: Scene) -> None:
    """Four were left before renewals ended what was replaced; and are again where `rotate` takes no
    lock, for then each of the three replaces the same one."""
    made = await key(scene.api, scene.cast)
    with scene.admin.transaction():
        scene.admin.execute(_HOLD, [scene.cast.acme.organization.id])
        tasks = [asyncio.create_task(_renewed(scene, made)) for _ in range(3)]
        await until_waiting(scene.admin, *tasks)
    renewed = await asyncio.gather(*tasks)

    alive = await _alive(scene, made, *renewed)
    assert alive[0] is False
    assert alive.count(True) == 2
    path = f"{scene.cast.acme_path}/api-keys/{made['id']}"
    shown = (await scene.api.get(path, headers=scene.cast.alice.headers)).json()
    newest = next(each for each in renewed if each["hint"] == shown["hint"])
    assert await _alive(scene, newest) == [True]
    of_key = "select count(*) from api_key_secrets s join api_keys k on k.id = s.key_id"
    assert count(scene.admin, f"{of_key} where k.hint = %s", shown["hint"]) == 2


async def test_of_the_product_s_keys_two_secrets_live_at_most(scene: Scene) -> None:
    """Renewed at once, too: failed where each went on until its own overlap was over."""
    keys, olga = "/api/v1/operator/service-keys", scene.cast.olga.headers
    made = (await scene.api.post(keys, json={"name": "Billing"}, headers=olga)).json()
    path = f"{keys}/{made['id']}"
    renewing = (scene.api.post(f"{path}/rotate", json={}, headers=olga) for _ in range(3))
    renewed = [answer.json() for answer in await asyncio.gather(*renewing)]
    codes = [
        (
            await scene.api.get("/api/v1/me", headers={"Authorization": f"Bearer {each['key']}"})
        ).json()["code"]
        for each in (made, *renewed)
    ]
    assert sorted(codes) == ["invalid_token"] * 2 + ["person_required"] * 2
    assert (await scene.api.delete(path, headers=olga)).status_code == 204
