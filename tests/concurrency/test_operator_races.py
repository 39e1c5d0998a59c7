"""Operators and those whom they disable, at once."""

import asyncio

import pytest

from tenantry.http.service import Service
from tests.http.responses import ORGANIZATIONS
from tests.support.api.operator_calls import org_path, turn, user_path
from tests.support.api.signed_in import sign_in
from tests.support.cast import operator
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

_ABLE = """
    select count(*) from operators o join users u on u.id = o.user_id
     where u.disabled_at is null and o.user_id = any (%s)
"""
_HOLD_OPERATORS = "select from operators for update"
_HOLD_VERA = "select from users where id = %s for no key update"
_HOLD_ACME = "select from organizations where org_id = %s for no key update"
_LIVE = "select count(*) from sessions where user_id = %s and ended_at is null"


@pytest.mark.usefixtures("unbroken")
async def test_of_two_operators_who_disable_each_other_one_is_left(
    scene: Scene, service: Service
) -> None:
    """Fails with two 200 and no operator left once `ensure_still_operator` does not look: tried."""
    olga, otto = scene.cast.olga, await operator(service, "Otto")
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_OPERATORS)
        acts = [
            asyncio.create_task(turn(scene.api, user_path(whom), "disable", by))
            for whom, by in ((olga, otto), (otto, olga))
        ]
        await until_waiting(scene.admin, *acts)

    answers = await asyncio.gather(*acts)
    assert sorted(answer.status_code for answer in answers) == [200, 403]
    assert count(scene.admin, _ABLE, [olga.actor.id, otto.actor.id]) == 1


@pytest.mark.usefixtures("unbroken")
async def test_who_is_signing_in_while_they_are_disabled_stays_outside(scene: Scene) -> None:
    """Fails with 200 and a live session once the credentials of the disabled are given: tried."""
    vera = scene.cast.vera
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_VERA, [vera.actor.id])
        disabling = asyncio.create_task(
            turn(scene.api, user_path(vera), "disable", scene.cast.olga)
        )
        await until_waiting(scene.admin, disabling)
        signing_in = asyncio.create_task(sign_in(scene.api, vera.actor.email))
        await until_waiting(scene.admin, disabling, signing_in)

    assert (await disabling).status_code == 200
    assert (await signing_in).status_code == 401
    assert count(scene.admin, _LIVE, vera.actor.id) == 0


@pytest.mark.usefixtures("unbroken")
async def test_who_acts_while_their_organization_is_disabled_does_nothing_more(
    scene: Scene,
) -> None:
    """Fails with 201 once the lock does not ask whether the organization is disabled: tried."""
    cast = scene.cast
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [cast.acme.organization.id])
        disabling = asyncio.create_task(turn(scene.api, org_path(cast), "disable", cast.olga))
        await until_waiting(scene.admin, disabling)
        inviting = asyncio.create_task(
            scene.api.post(
                f"{ORGANIZATIONS}/{cast.acme_path.rpartition('/')[2]}/members/invite",
                json={"email": "late@example.com"},
                headers=cast.alice.headers,
            )
        )
        await until_waiting(scene.admin, disabling, inviting)

    assert (await disabling).status_code == 200
    assert (await inviting).status_code == 404
