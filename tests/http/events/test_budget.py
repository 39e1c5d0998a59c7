"""What one organization records in a day is bounded; others have nothing to do with that."""

import asyncio

import httpx2
import pytest

from tenantry.kit.limits import Limits
from tests.conftest import ClientOf
from tests.http.responses import told
from tests.support.database.lock_waits import count
from tests.support.scene import Scene

BUDGET = 20_000
_BYTES = """
    select coalesce(sum(length(targets::text) + length(changes::text)), 0) from events
     where org_id = %s and action <> 'organization.created'
"""
_A_DAY_LATER = "update event_budgets set full_at = full_at - interval '1 day' where org_id = %s"


@pytest.fixture
async def narrow(client_of: ClientOf) -> httpx2.AsyncClient:
    """A service whose organizations may record little."""
    return await client_of(limits=Limits(event_bytes_a_day=BUDGET))


async def change(api: httpx2.AsyncClient, scene: Scene, n: int = 0) -> httpx2.Response:
    """The answer to a change of which 4 kB are recorded."""
    metadata = {f"key_{key}": str(n) * 400 for key in range(5)}
    headers = scene.cast.alice.headers
    return await api.patch(scene.cast.acme_path, json={"metadata": metadata}, headers=headers)


async def spent(api: httpx2.AsyncClient, scene: Scene) -> httpx2.Response:
    """The refusal once Acme has recorded as much as it may."""
    for n in range(10):
        answer = await change(api, scene, n)
        if answer.status_code != 200:
            return answer
    raise AssertionError("there was no end to it")


async def test_beyond_it_changes_are_refused_until_time_has_passed(
    narrow: httpx2.AsyncClient, scene: Scene
) -> None:
    refused = await spent(narrow, scene)

    assert told(refused) == (429, "event_budget_spent")
    assert int(refused.headers["retry-after"]) > 60
    assert "TENANTRY_LIMIT_EVENTS_MB" in refused.json()["detail"]
    org_id = scene.cast.acme.organization.id
    assert count(scene.admin, _BYTES, org_id) <= BUDGET
    scene.admin.execute(_A_DAY_LATER, [org_id])
    assert (await change(narrow, scene, 0)).status_code == 200


async def test_many_who_write_at_once_do_not_exceed_it_together(
    narrow: httpx2.AsyncClient, scene: Scene
) -> None:
    """Fails with twenty 200 once the constraint `event_budgets_within` lets all pass: tried."""
    answers = await asyncio.gather(*(change(narrow, scene, n % 10) for n in range(20)))

    assert {answer.status_code for answer in answers} == {200, 429}
    assert count(scene.admin, _BYTES, scene.cast.acme.organization.id) <= BUDGET


async def test_ending_something_is_never_refused_for_it(
    narrow: httpx2.AsyncClient, scene: Scene
) -> None:
    cast, acme = scene.cast, scene.cast.acme_path
    token = await scene.invited(cast.charlie.actor.email)
    await spent(narrow, scene)

    member = f"{acme}/members/{cast.dave.member_id}"
    removed = await narrow.delete(member, headers=cast.alice.headers)
    left = await narrow.delete(f"{acme}/members/me", headers=cast.vera.headers)
    accepted = await narrow.post(
        "/api/v1/invitations/accept", json={"token": token}, headers=cast.charlie.headers
    )
    deleted = await narrow.delete(acme, headers=cast.alice.headers)

    answers = [removed, left, accepted, deleted]
    assert [answer.status_code for answer in answers] == [204, 204, 200, 204]


async def test_other_organizations_notice_nothing(narrow: httpx2.AsyncClient, scene: Scene) -> None:
    await spent(narrow, scene)

    body, headers = {"name": "Another"}, scene.cast.bob.headers
    changed = await narrow.patch(scene.cast.bobs_path, json=body, headers=headers)
    created = await narrow.post("/api/v1/organizations", json=body, headers=headers)

    assert [changed.status_code, created.status_code] == [200, 201]


async def test_what_was_refused_is_not_charged(narrow: httpx2.AsyncClient, scene: Scene) -> None:
    await spent(narrow, scene)
    query = "select full_at from event_budgets where org_id = %s"
    before = scene.admin.execute(query, [scene.cast.acme.organization.id]).fetchall()
    assert (await change(narrow, scene, 9)).status_code == 429
    assert scene.admin.execute(query, [scene.cast.acme.organization.id]).fetchall() == before


async def test_no_number_is_no_limit(client_of: ClientOf, scene: Scene) -> None:
    unlimited = await client_of(limits=Limits(event_bytes_a_day=0))
    for n in range(10):
        assert (await change(unlimited, scene, n)).status_code == 200
