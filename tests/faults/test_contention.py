"""Locks, deadlocks and serialisation failures: what can be tried again is, and the rest is told."""

import json
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx2
import pytest

from tenantry.kit.ids import Kind, new_id, parse
from tenantry.postgres.pool.options import PoolOptions
from tests.cli.commands import Running
from tests.faults.checker import Admin
from tests.faults.environment import Stage
from tests.faults.journal import Act, Entry
from tests.support.cast import Player
from tests.support.database.injected_failures import SERIALIZATION, tripping
from tests.support.processes import CEILING, wait_for

LINES = PoolOptions().size
"""So many connections has a process of the service."""

PER_ORGANIZATION = PoolOptions().per_key

_WAITING = "select count(*) from pg_locks where not granted"


@pytest.fixture
def pool() -> Generator[ThreadPoolExecutor]:
    """Clients that wait for their answers beside the test."""
    with ThreadPoolExecutor(3 * LINES) as callers:
        yield callers


@pytest.fixture
def admin(scene: Stage) -> Generator[Admin]:
    """A superuser, who may stand in everybody's way."""
    with scene.patient.admin() as connection:
        yield connection


def opened(scene: Stage, service: Running) -> Entry:
    """A workspace that somebody wants to open."""
    return called(scene, service, scene.players[0], Act.OPEN)


def changed(scene: Stage, service: Running, player: Player) -> Entry:
    """Somebody's own organization, which they want to change."""
    return called(scene, service, player, Act.CHANGE)


def called(scene: Stage, service: Running, player: Player, act: Act) -> Entry:
    """One call of a client that comes for it."""
    caller = scene.caller(service.url, player)
    try:
        return caller.call(act, f"m{new_id().hex}")
    finally:
        caller.close()


def wait_for_waiting(admin: Admin, count: int) -> None:
    wait_for(lambda: admin.execute(_WAITING).fetchone() == (count,))


def test_who_waits_for_one_organization_holds_up_no_one_else(
    scene: Stage, service: Running, pool: ThreadPoolExecutor, admin: Admin
) -> None:
    """Without the bulkhead, the writers of the one organization take every connection, and all
    others get 503 for as long as its row is held."""
    org_id, stranger = parse(Kind.ORGANIZATION, scene.shared.rsplit("/", 1)[1]), scene.players[1]
    with admin.transaction():
        admin.execute("select from organizations where org_id = %s for update", [org_id])
        answers = [pool.submit(opened, scene, service) for _ in range(3 * LINES)]
        wait_for_waiting(admin, PER_ORGANIZATION)
        caller = scene.caller(service.url, stranger)
        others = [caller.call(Act.CHANGE, f"m{new_id().hex}") for _ in range(10)]
        caller.close()
        readiness = httpx2.get(f"{service.url}/readyz", timeout=CEILING)
    assert [other.status for other in others] == [200] * 10
    assert readiness.status_code == 200
    assert {answer.result().status for answer in answers} <= {201, 503}


def test_where_all_connections_are_taken_the_others_are_told_so_and_no_one_is_lost(
    scene: Stage, service: Running, pool: ThreadPoolExecutor, admin: Admin
) -> None:
    """It is ready all the same: other processes could do no more."""
    answers = list[Future[Entry]]()
    with admin.transaction():
        admin.execute("lock table organizations in exclusive mode")
        for player in scene.players[: -(-LINES // PER_ORGANIZATION)]:
            answers += [pool.submit(changed, scene, service, player) for _ in range(4)]
        wait_for_waiting(admin, LINES)
        told = httpx2.get(
            f"{service.url}/api/v1/me", headers=scene.players[0].headers, timeout=CEILING
        )
        readiness = httpx2.get(f"{service.url}/readyz", timeout=CEILING)
        health = httpx2.get(f"{service.url}/healthz", timeout=CEILING)
    assert (told.status_code, told.headers["retry-after"]) == (503, "2")
    assert told.json()["code"] == "overloaded"
    assert (readiness.status_code, health.status_code) == (200, 200)
    assert {answer.result().status for answer in answers} <= {200, 503}


def test_who_waits_for_a_lock_too_long_is_told_that_it_is_locked(
    scene: Stage, admin: Admin
) -> None:
    with scene.serving(TENANTRY_DB_LOCK_TIMEOUT="0.2") as service, admin.transaction():
        admin.execute("lock table workspaces in exclusive mode")
        told = opened(scene, service)
    assert told.status == 503
    assert json.loads(told.why)["code"] == "locked"
    assert "database away" not in scene.log.read_text()


def test_a_lock_that_is_waited_for_is_no_outage(
    scene: Stage, service: Running, pool: ThreadPoolExecutor, admin: Admin
) -> None:
    """Fails where every answer that is late ends its call."""
    with scene.patient.admin() as observer, admin.transaction():
        admin.execute("lock table workspaces in exclusive mode")
        answer = pool.submit(opened, scene, service)
        wait_for_waiting(admin, 1)
        for _ in range(3):
            before = probes(observer)
            wait_for(lambda known=before: bool(probes(observer) - known))
        assert not answer.done()
    assert answer.result().status == 201


def probes(admin: Admin) -> set[object]:
    """When the service last asked for a sign of life, by connection."""
    query = "select query_start from pg_stat_activity where query = 'select 1'"
    return {begun for (begun,) in admin.execute(query).fetchall()}


def test_the_victim_of_a_deadlock_is_tried_again(
    scene: Stage, service: Running, pool: ThreadPoolExecutor, admin: Admin
) -> None:
    admin.execute("set deadlock_timeout = '1min'")  # so that the service finds it first
    before = deadlocks(admin)
    with admin.transaction():
        admin.execute("lock table workspaces in exclusive mode")
        answer = pool.submit(opened, scene, service)
        wait_for_waiting(admin, 1)
        admin.execute("update organizations set updated_at = updated_at")
    assert answer.result().status == 201
    wait_for(lambda: deadlocks(admin) == before + 1)


def deadlocks(admin: Admin) -> int:
    """How many PostgreSQL has found in this database."""
    query = "select deadlocks from pg_stat_database where datname = current_database()"
    ((count,),) = admin.execute(query).fetchall()
    return count


@pytest.mark.parametrize(("times", "status"), [(2, 201), (3, 503)])
def test_a_serialisation_failure_is_tried_again_twice(
    scene: Stage, service: Running, admin: Admin, times: int, status: int
) -> None:
    with tripping(admin, "workspaces", times, code=SERIALIZATION):
        assert opened(scene, service).status == status
