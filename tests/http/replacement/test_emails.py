"""Whose role was replaced as a whole reads of it: all of them by one notice."""

from typing import Any

import httpx2

from tenantry.http.service import Service
from tenantry.kit.ids import new_id
from tests.http.roles.custom import default, end, hold, made
from tests.http.workspace_members.calls import put
from tests.support.api.invitations import hired
from tests.support.cast import Player
from tests.support.database.lock_waits import count
from tests.support.mail.mailbox import email_to, part
from tests.support.scene import Scene

# People with a role of Acme's, and an address of their own: so many as no test hires one by one.
_CROWD = """
    with crowd as (select gen_random_uuid() as id, number from generate_series(1, %(many)s) number),
         people as (insert into users (id, email, name, created_at, updated_at)
                    select id, 'crowd.' || id || '@example.com', 'Crowd', now(), now() from crowd
                    returning id, email),
         known as (insert into email_addresses (address, user_id) select email, id from people)
    insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
    select %(org)s, gen_random_uuid(), people.id, r.id, now(), now()
      from people, roles r where r.org_id = %(org)s and r.key = %(role)s
"""


async def replaced(scene: Scene, role: dict[str, Any]) -> httpx2.Response:
    """The answer to Alice, who puts Developer in the place of a role."""
    developer = await default(scene.api, scene.cast, "developer")
    return await end(scene.api, scene.cast, role, developer)


def emails_to(scene: Scene, who: Player) -> int:
    """How many emails of Acme are, or were, for somebody."""
    of = "select count(*) from emails where org_id = %s and recipient = %s"
    return count(scene.admin, of, scene.cast.acme.organization.id, who.actor.email)


async def test_who_had_it_anywhere_reads_which_role_took_its_place(
    scene: Scene, service: Service
) -> None:
    api, cast = scene.api, scene.cast
    role = await made(api, cast, name="Auditor")
    gone = await hired(scene, service, "Gus", "auditor")
    await hold(api, cast, cast.dave, role)
    await put(api, cast, {"id": cast.workspace_id}, cast.vera, role["id"])
    await put(api, cast, {"id": cast.workspace_id}, cast.alice, role["id"])
    suspended = {"status": "suspended"}
    place = f"{cast.acme_path}/members/{gone.member_id}"
    assert (await api.patch(place, json=suspended, headers=cast.alice.headers)).is_success

    assert (await replaced(scene, role)).status_code == 204

    subject = "Developer replaces Auditor in Acme"
    for who in (cast.dave, cast.vera):
        email = await email_to(scene.mailbox, who.actor.email, subject=subject)
        assert "Alice replaced the role Auditor with Developer" in part(email, "plain")
    # Alice did it, and Gus could make no use of it.
    assert emails_to(scene, cast.alice) == emails_to(scene, gone) == 0


async def test_a_thousand_read_of_it_by_one_statement_and_other_emails_need_not_wait(
    scene: Scene,
) -> None:
    role = await made(scene.api, scene.cast, name="Auditor", key=f"crowd-{new_id().hex[-6:]}")
    org_id = scene.cast.acme.organization.id
    scene.admin.execute(_CROWD, {"many": 1000, "org": org_id, "role": role["key"]})

    assert (await replaced(scene, role)).status_code == 204

    emails = "from emails where org_id = %s and recipient like 'crowd.%%'"
    assert count(scene.admin, f"select count(*) {emails}", org_id) == 1000
    assert count(scene.admin, f"select count(distinct created_at) {emails}", org_id) == 1
    waiting = f"select count(*) {emails} and next_attempt_at > created_at + interval '1 second'"
    assert count(scene.admin, waiting, org_id) >= 980
    scene.admin.execute(f"delete {emails}".encode(), [org_id])
