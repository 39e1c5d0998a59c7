"""Becoming an operator, and what disabling leaves in order."""

import pytest

from tenantry.authz.authority import AccountUnverified
from tenantry.http.service import Service
from tenantry.identity.operators import actions as operators
from tenantry.kit.refusals import NotFound
from tests.http.accounts.test_passwords import RESET
from tests.support.api.operator_calls import OPERATOR, org_path, turn, user_path
from tests.support.cast import player
from tests.support.database.replay import present, replayed
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

_EVENTS = """
    select action from account_events where user_id = %s and action like 'operator.%%' order by id
"""


@pytest.mark.usefixtures("unbroken")
async def test_who_is_an_operator_is_so_from_the_next_request_on_until_they_are_not(
    scene: Scene, service: Service
) -> None:
    nina = await player(service, "Nina")

    async def may() -> int:
        return (await scene.api.get(f"{OPERATOR}/users", headers=nina.headers)).status_code

    seen = [await may()]
    async with service.database.transaction() as (tx, _):
        assert await operators.add(tx, nina.actor.email)
        assert not await operators.add(tx, nina.actor.email)
    seen.append(await may())
    async with service.database.transaction() as (tx, _):
        await operators.remove(tx, nina.actor.email)
    seen.append(await may())

    assert seen == [403, 200, 403]
    events = scene.admin.execute(_EVENTS, [nina.actor.id]).fetchall()
    assert events == [("operator.added",), ("operator.removed",)]


async def test_only_who_is_known_proven_and_not_disabled_becomes_an_operator(
    scene: Scene, service: Service
) -> None:
    unproven = await player(service, "Una", verified=False)
    disabled = scene.cast.charlie
    await turn(scene.api, user_path(disabled), "disable", scene.cast.olga)

    for email, refusal in (
        (unproven.actor.email, AccountUnverified),
        (disabled.actor.email, NotFound),
        (new_address(), NotFound),
    ):
        with pytest.raises(refusal):
            async with service.database.transaction() as (tx, _):
                await operators.add(tx, email)
    with pytest.raises(NotFound):
        async with service.database.transaction() as (tx, _):
            await operators.remove(tx, unproven.actor.email)


@pytest.mark.usefixtures("unbroken")
async def test_the_events_replayed_tell_whether_an_organization_is_disabled(scene: Scene) -> None:
    cast, org_id = scene.cast, scene.cast.acme.organization.id
    for act in ("disable", "enable", "disable"):
        await turn(scene.api, org_path(cast), act, cast.olga)
        told = replayed(scene.admin, org_id)["organization", cast.acme_path.rpartition("/")[2]]
        there = present(scene.admin, org_id)["organization", cast.acme_path.rpartition("/")[2]]
        assert told == there
        assert (told["disabled_at"] is None) == (act == "enable")


@pytest.mark.usefixtures("unbroken")
async def test_a_first_proof_of_an_address_reclaims_a_disabled_personal_organization(
    scene: Scene, service: Service
) -> None:
    una = await player(service, "Una", verified=False)
    token = await scene.forgot_password(una.actor.email)
    personal = scene.admin.execute(
        "update organizations set disabled_at = now() where org_id = %s", [una.personal_id]
    )

    answer = await scene.api.post(RESET, json={"token": token, "password": GOOD_PASSWORD})

    assert (personal.rowcount, answer.status_code) == (1, 204)
    assert scene.is_verified(una.actor.email)
    restored = "update organizations set disabled_at = null where org_id = %s"
    scene.admin.execute(restored, [una.personal_id])
