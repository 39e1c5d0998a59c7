"""Organizations that end: purged when their time is over, counted until then."""

import asyncio
from typing import Any

import psycopg
import pytest

from tenantry.app import SWEEPS
from tenantry.kit.limits import Limits
from tenantry.postgres.database import Database
from tenantry.worker.housekeeping import Housekeeping
from tests.conftest import ClientOf
from tests.http.organizations.test_create_effects import ORGANIZATIONS
from tests.support.api.invitations import offered, workspace
from tests.support.database.lock_waits import count, until_waiting
from tests.support.database.replay import present, replayed
from tests.support.scene import Scene, new_address

_AGE = "update organizations set deleted_at = now() - interval '30 days' where org_id = %s"
_HOLD_ACME = "select 1 from organizations where org_id = %s for no key update"
_TABLES = """
    select table_name from information_schema.columns
     where table_schema = 'public' and column_name = 'org_id' order by 1
"""
_MADE = "select organizations_created from users where id = %s"


def rows_left(scene: Scene) -> dict[str, int]:
    """In which tables something of Acme lies."""
    tables = [table for (table,) in scene.admin.execute(_TABLES).fetchall()]
    org_id = scene.cast.acme.organization.id
    found = {
        table: count(scene.admin, f"select count(*) from {table} where org_id = %s", org_id)
        for table in tables
    }
    return {table: rows for table, rows in found.items() if rows}


@pytest.fixture
async def deleted(scene: Scene) -> Scene:
    """Acme was lived in, and deleted."""
    lab = await workspace(scene, name="Lab")
    there = [{"workspace_id": lab["id"], "role": "viewer"}]
    await offered(scene, new_address(), workspaces=there)
    answer = await scene.api.delete(scene.cast.acme_path, headers=scene.cast.alice.headers)
    assert answer.status_code == 204
    return scene


@pytest.mark.usefixtures("unbroken")
async def test_what_is_over_is_purged_with_everything_by_whoever_sweeps(
    deleted: Scene, database: Database
) -> None:
    alice, org_id = deleted.cast.alice, deleted.cast.acme.organization.id
    sweepers = [Housekeeping(database, {"organizations": SWEEPS["organizations"]}) for _ in "ab"]
    await sweepers[0].sweep_all()
    assert "organizations" in rows_left(deleted)
    assert count(deleted.admin, _MADE, alice.actor.id) == 1

    deleted.admin.execute(_AGE, [org_id])
    await asyncio.gather(*(each.sweep_all() for each in sweepers))

    assert rows_left(deleted) == {}
    assert count(deleted.admin, _MADE, alice.actor.id) == 0
    body = {"name": "Another", "slug": deleted.cast.acme.organization.slug}
    again = await deleted.api.post(ORGANIZATIONS, json=body, headers=alice.headers)
    assert again.status_code == 201


@pytest.mark.usefixtures("unbroken")
async def test_of_fifty_who_make_one_at_once_no_more_than_may_be_made(
    client_of: ClientOf, scene: Scene, admin: psycopg.Connection[Any]
) -> None:
    """Fails with fifty 201 once the constraint `users_organizations` lets all pass: tried."""
    api = await client_of(limits=Limits(organizations_per_user=3), rate_limits=False)
    charlie = scene.cast.charlie

    answers = await asyncio.gather(
        *(api.post(ORGANIZATIONS, json={"name": "Co"}, headers=charlie.headers) for _ in range(50))
    )

    assert sorted(answer.status_code for answer in answers) == [*[201] * 3, *[409] * 47]
    assert {answer.json().get("code") for answer in answers} == {None, "limit_reached"}
    assert count(admin, _MADE, charlie.actor.id) == 3


@pytest.mark.usefixtures("unbroken")
async def test_who_restores_while_it_is_being_deleted_has_it_back(scene: Scene) -> None:
    acme, headers = scene.cast.acme_path, scene.cast.alice.headers
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ACME, [scene.cast.acme.organization.id])
        deleting = asyncio.create_task(scene.api.delete(acme, headers=headers))
        await until_waiting(scene.admin, deleting)
        restoring = asyncio.create_task(scene.api.post(f"{acme}/restore", headers=headers))
        await until_waiting(scene.admin, deleting, restoring)

    assert [(await each).status_code for each in (deleting, restoring)] == [204, 200]
    assert (await scene.api.get(acme, headers=headers)).status_code == 200


async def test_a_deletion_is_told_in_events(deleted: Scene) -> None:
    made = await deleted.api.post(
        ORGANIZATIONS, json={"name": "Brief"}, headers=deleted.cast.charlie.headers
    )
    path = f"{ORGANIZATIONS}/{made.json()['id']}"
    query = "select org_id from organizations where created_by = %s and kind = 'team'"
    (org_id,) = deleted.admin.execute(query, [deleted.cast.charlie.actor.id]).fetchall()[0]
    for method, where in (("DELETE", path), ("POST", f"{path}/restore"), ("DELETE", path)):
        answer = await deleted.api.request(method, where, headers=deleted.cast.charlie.headers)
        assert answer.is_success
        assert replayed(deleted.admin, org_id) == present(deleted.admin, org_id)
