"""Memberships, when two are ended at once."""

import asyncio

import pytest

from tenantry.http.service import Service
from tests.support.api.invitations import hired, remove
from tests.support.cast import Player
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

_HOLD_ACME = "select 1 from organizations where org_id = %s for no key update"
_ADMINS = """
    select count(*) from memberships m join roles r on r.org_id = m.org_id and r.id = m.role_id
     where m.org_id = %s and r.key = 'admin'
"""


@pytest.mark.usefixtures("unbroken")
async def test_two_admins_who_remove_each_other_never_both_go(
    scene: Scene, service: Service, eve: Player
) -> None:
    """Fails at once, with two 204 and no Admin, when `lock_organization` takes no lock: tried."""
    org_id, stays, rounds = scene.cast.acme.organization.id, scene.cast.alice, 12
    other = eve
    for number in range(rounds):
        acts = [
            remove(scene, other.member_id, by=stays),
            remove(scene, stays.member_id, by=other),
        ]
        answers = await asyncio.gather(*acts)

        assert sorted(answer.status_code for answer in answers) == [204, 404]
        assert count(scene.admin, _ADMINS, org_id) == 1
        stays = stays if answers[0].status_code == 204 else other
        other = await hired(scene, service, f"Eve{number}", "admin")


@pytest.mark.usefixtures("unbroken")
async def test_of_two_who_remove_the_other_admins_one_admin_is_left(
    scene: Scene, eve: Player
) -> None:
    """Each removes themselves: fails with two 204 once `lock_organization` takes no lock: tried."""
    alice = scene.cast.alice
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [scene.cast.acme.organization.id])
        acts = [asyncio.create_task(remove(scene, who.member_id, by=who)) for who in (alice, eve)]
        await until_waiting(scene.admin, *acts)

    answers = await asyncio.gather(*acts)
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert count(scene.admin, _ADMINS, scene.cast.acme.organization.id) == 1


@pytest.mark.usefixtures("unbroken")
async def test_who_is_being_removed_does_nothing_more(scene: Scene, eve: Player) -> None:
    """Fails with 204 for both once the lock does not see the membership again: tried."""
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [scene.cast.acme.organization.id])
        removal = asyncio.create_task(remove(scene, eve.member_id))
        await until_waiting(scene.admin, removal)
        revenge = asyncio.create_task(remove(scene, scene.cast.vera.member_id, by=eve))
        await until_waiting(scene.admin, removal, revenge)

    assert (await removal).status_code == 204
    assert (await revenge).status_code == 404


@pytest.mark.usefixtures("unbroken")
async def test_who_is_demoted_while_they_wait_does_nothing_more(scene: Scene, eve: Player) -> None:
    """Fails with 204 once the lock does not see the permissions again: tried."""
    assert eve.membership is not None
    demote = """
        update memberships m set role_id = r.id from roles r
         where r.org_id = m.org_id and r.key = 'viewer' and m.id = %s
    """
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [scene.cast.acme.organization.id])
        removal = asyncio.create_task(remove(scene, scene.cast.vera.member_id, by=eve))
        await until_waiting(scene.admin, removal)
        scene.admin.execute(demote, [eve.membership.id])

    answer = await removal
    assert answer.status_code == 403
    assert answer.json()["required_permission"] == "member:remove"
