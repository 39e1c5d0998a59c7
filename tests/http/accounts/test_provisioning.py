"""Organizations opened for others: whole, told by events, and one account for one address."""

import asyncio

import httpx2
import pytest

from tenantry.kit.ids import Kind, parse
from tests.http.organizations.test_create_effects import new_name
from tests.http.responses import ORGANIZATIONS
from tests.support.database.lock_waits import count, until_waiting
from tests.support.database.replay import present, replayed
from tests.support.scene import Scene, new_address

_ACCOUNTS = "select count(*) from users where email = %s"
_PERSONAL = """
    select o.org_id from organizations o join users u on u.id = o.owner_id where u.email = %s
"""
_EMAILS = "select count(*) from account_emails where recipient = %s"
_CREATED = """
    select actor_id from account_events e join users u on u.id = e.user_id
     where u.email = %s and e.action = 'user.created'
"""


async def opened(scene: Scene, email: str) -> httpx2.Response:
    """The answer to Olga, who opens an organization for somebody."""
    body = {"name": new_name(), "owner": {"email": email}}
    return await scene.api.post(ORGANIZATIONS, json=body, headers=scene.cast.olga.headers)


@pytest.mark.usefixtures("unbroken")
async def test_of_twenty_calls_with_one_new_address_one_makes_the_account(scene: Scene) -> None:
    """Fails with 409 `email_taken` once the account is not looked for again: tried."""
    email = new_address()
    with scene.admin.transaction():
        scene.admin.execute("lock table email_addresses in share row exclusive mode")
        calls = [asyncio.create_task(opened(scene, email)) for _ in range(20)]
        await until_waiting(scene.admin, *calls[:4])

    answers = await asyncio.gather(*calls)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * 19
    codes = {each.json()["code"] for each in answers if each.status_code == 409}
    assert codes == {"account_unverified"}
    assert count(scene.admin, _ACCOUNTS, email) == 1
    assert count(scene.admin, _EMAILS, email) == 1
    assert len(scene.admin.execute(_PERSONAL, [email]).fetchall()) == 1


@pytest.mark.usefixtures("unbroken")
async def test_the_events_replayed_give_both_organizations(scene: Scene) -> None:
    email = new_address()
    made = (await opened(scene, email)).json()
    team = parse(Kind.ORGANIZATION, made["id"])
    ((personal,),) = scene.admin.execute(_PERSONAL, [email]).fetchall()

    assert team is not None
    for org_id in (team, personal):
        assert replayed(scene.admin, org_id) == present(scene.admin, org_id)
    assert scene.admin.execute(_CREATED, [email]).fetchall() == [(scene.cast.olga.actor.id,)]


@pytest.mark.usefixtures("unbroken")
async def test_it_counts_as_nobodys_making(scene: Scene) -> None:
    made = (await opened(scene, scene.cast.charlie.actor.email)).json()
    counted = "select organizations_created from users where id = any (%s)"
    both = [scene.cast.charlie.actor.id, scene.cast.olga.actor.id]
    assert scene.admin.execute(counted, [both]).fetchall() == [(0,), (0,)]
    maker = "select created_by from organizations where slug = %s"
    assert scene.admin.execute(maker, [made["slug"]]).fetchone() == (None,)
