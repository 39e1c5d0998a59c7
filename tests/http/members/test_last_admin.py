"""However two Admins demote or remove each other or themselves, even at once: one remains."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement
from typing import Any

import httpx2
import pytest

from tests.support.api.operator_calls import turn, user_path
from tests.support.cast import Player
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

Act = Callable[[Scene, Player, Player], Coroutine[Any, Any, httpx2.Response]]

_HOLD_ACME = "select 1 from organizations where org_id = %s for no key update"
_LASTING_ADMINS = """
    select count(*) from memberships m join roles r on r.org_id = m.org_id and r.id = m.role_id
      join users u on u.id = m.user_id and u.disabled_at is null
     where m.org_id = %s and r.key = 'admin' and m.status = 'active' and m.expires_at is null
"""
_ADMINS_AGAIN = """
    update memberships m set role_id = r.id, status = 'active', expires_at = null from roles r
     where m.org_id = %s and m.user_id = any(%s) and r.org_id = m.org_id and r.key = 'admin'
"""


def _patching(terms: Callable[[], dict[str, str]]) -> Act:
    async def act(scene: Scene, by: Player, whom: Player) -> httpx2.Response:
        path = f"{scene.cast.acme_path}/members/{whom.member_id}"
        return await scene.api.patch(path, json=terms(), headers=by.headers)

    return act


async def _remove(scene: Scene, by: Player, whom: Player) -> httpx2.Response:
    path = f"{scene.cast.acme_path}/members/{whom.member_id}"
    return await scene.api.delete(path, headers=by.headers)


async def _leave(scene: Scene, by: Player, whom: Player) -> httpx2.Response:
    return await scene.api.delete(f"{scene.cast.acme_path}/members/me", headers=whom.headers)


async def _delete_account(scene: Scene, by: Player, whom: Player) -> httpx2.Response:
    return await scene.api.delete("/api/v1/me", headers=whom.headers)


async def _disable_account(scene: Scene, by: Player, whom: Player) -> httpx2.Response:
    return await turn(scene.api, user_path(whom), "disable", scene.cast.olga)


def _tomorrow() -> dict[str, str]:
    return {"expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}


ENDS: dict[str, Act] = {
    "demote": _patching(lambda: {"role": "viewer"}),
    "suspend": _patching(lambda: {"status": "suspended"}),
    "expire": _patching(_tomorrow),
    "remove": _remove,
    "leave": _leave,
    "delete the account": _delete_account,
    "disable the account": _disable_account,
}


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize(("first", "second"), [*combinations_with_replacement(ENDS, 2)])
async def test_of_two_who_end_their_own_being_admin_one_is_left(
    scene: Scene, eve: Player, first: str, second: str
) -> None:
    """Fails, with two successes and no Admin left, for 16 of the first 21 pairs once `_LOCK` and
    `_LOCK_KEPT` of `access.locks` read and do not lock (of the others, one takes so long that it
    sees the other), and for every pair once `rules.is_last_admin` says no: both tried."""
    alice, org_id = scene.cast.alice, scene.cast.acme.organization.id
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [org_id])
        acts = [
            asyncio.create_task(ENDS[how](scene, who, who))
            for how, who in ((first, alice), (second, eve))
        ]
        await until_waiting(scene.admin, *acts)

    answers = await asyncio.gather(*acts)
    refused = [answer for answer in answers if not answer.is_success]
    assert [answer.status_code for answer in refused] == [409]
    assert refused[0].json()["code"] in ("last_admin", "sole_admin")
    assert count(scene.admin, _LASTING_ADMINS, org_id) == 1


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("how", ["demote", "suspend", "expire", "remove"])
async def test_who_is_being_put_out_puts_no_one_out(scene: Scene, eve: Player, how: str) -> None:
    """Fails with no Admin left once `_LOCK` of `access.locks` does not lock: tried."""
    alice, org_id = scene.cast.alice, scene.cast.acme.organization.id
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [org_id])
        acts = [
            asyncio.create_task(ENDS[how](scene, by, whom))
            for by, whom in ((alice, eve), (eve, alice))
        ]
        await until_waiting(scene.admin, *acts)

    answers = await asyncio.gather(*acts)
    assert sum(answer.is_success for answer in answers) == 1
    # An Admin whose membership ends tomorrow is still an Admin, and cannot remove the last one.
    expected = {"demote": 403, "suspend": 404, "expire": 409, "remove": 404}
    assert [answer.status_code for answer in answers if not answer.is_success] == [expected[how]]
    assert count(scene.admin, _LASTING_ADMINS, org_id) == 1


@pytest.mark.usefixtures("unbroken")
async def test_two_admins_who_demote_each_other_two_hundred_times_are_never_both_demoted(
    scene: Scene, eve: Player
) -> None:
    """Fails within a few rounds, with two 200 and no Admin left, once `_LOCK` of `access.locks`
    does not lock: tried."""
    alice, org_id = scene.cast.alice, scene.cast.acme.organization.id
    demote, both = ENDS["demote"], [alice.actor.id, eve.actor.id]
    for _ in range(200):
        answers = await asyncio.gather(demote(scene, alice, eve), demote(scene, eve, alice))

        assert sorted(answer.status_code for answer in answers) == [200, 403]
        assert count(scene.admin, _LASTING_ADMINS, org_id) == 1
        scene.admin.execute(_ADMINS_AGAIN.encode(), [org_id, both])


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("how", [how for how in ENDS if how != "disable the account"])
async def test_an_admin_whose_account_is_disabled_is_no_admin_who_is_left(
    scene: Scene, eve: Player, how: str
) -> None:
    """Fails with a success while Admins are counted by their membership alone."""
    await turn(scene.api, user_path(eve), "disable", scene.cast.olga)
    alice = scene.cast.alice

    refused = await ENDS[how](scene, alice, alice)

    assert refused.status_code == 409
    assert refused.json()["code"] in ("last_admin", "sole_admin")


async def test_an_admin_whose_account_is_disabled_can_be_removed(scene: Scene, eve: Player) -> None:
    await turn(scene.api, user_path(eve), "disable", scene.cast.olga)
    assert (await _remove(scene, scene.cast.alice, eve)).status_code == 204
