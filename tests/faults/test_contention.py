"""Locks, deadlocks and serialisation failures: what can be tried again is, and the rest is told."""

import time
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx2
import pytest

from tenantry.kit.ids import new_id
from tests.cli.commands import Running
from tests.faults.checker import Admin
from tests.faults.journal import Act, Entry
from tests.faults.probing import AT_ONCE
from tests.faults.stage import Stage
from tests.processes import wait_for

LINES = 8
"""So many connections has a process of the service."""

_WAITING = "select count(*) from pg_locks where not granted"
_TRIPS = """
    create sequence trips;
    grant usage on sequence trips to tenantry_service;
    create function trip() returns trigger language plpgsql as $$
    begin
      if nextval('public.trips') <= {times} then raise exception using errcode = '40001'; end if;
      return new;
    end $$;
    create trigger trip before insert on workspaces for each row execute function trip();
"""
_NO_TRIPS = """
    drop trigger trip on workspaces; drop function trip; drop sequence trips
"""


@pytest.fixture
def pool() -> Generator[ThreadPoolExecutor]:
    """Clients that wait for their answers beside the test."""
    with ThreadPoolExecutor(LINES) as callers:
        yield callers


@pytest.fixture
def admin(scene: Stage) -> Generator[Admin]:
    """A superuser, who may stand in everybody's way."""
    with scene.patient.admin() as connection:
        yield connection


def opened(scene: Stage, service: Running) -> Entry:
    """A workspace that somebody wants to open."""
    caller = scene.caller(service.url)
    try:
        return caller.call(Act.OPEN, f"m{new_id().hex}")
    finally:
        caller.close()


def wait_for_waiting(admin: Admin, count: int) -> None:
    wait_for(lambda: admin.execute(_WAITING).fetchone() == (count,))


def test_where_all_connections_are_taken_the_others_are_told_and_nobody_is_lost(
    scene: Stage, service: Running, pool: ThreadPoolExecutor, admin: Admin
) -> None:
    answers = list[Future[Entry]]()
    with admin.transaction():
        admin.execute("lock table workspaces in exclusive mode")
        answers += [pool.submit(opened, scene, service) for _ in range(LINES)]
        wait_for_waiting(admin, LINES)
        begun = time.monotonic()
        readiness = httpx2.get(f"{service.url}/readyz", timeout=20)
        health = httpx2.get(f"{service.url}/healthz", timeout=20)
        assert time.monotonic() - begun < AT_ONCE
    assert (readiness.status_code, readiness.headers["retry-after"]) == (503, "1")
    assert health.status_code == 200
    assert [answer.result().status for answer in answers] == [201] * LINES


def test_a_lock_that_is_waited_for_is_no_outage(
    scene: Stage, service: Running, pool: ThreadPoolExecutor, admin: Admin
) -> None:
    """Fails where every answer that is late ends its call."""
    with admin.transaction():
        admin.execute("lock table workspaces in exclusive mode")
        answer = pool.submit(opened, scene, service)
        wait_for_waiting(admin, 1)
        time.sleep(2)
        assert not answer.done()
    assert answer.result().status == 201


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


@contextmanager
def tripping(admin: Admin, times: int) -> Generator[None]:
    """The next workspaces fail as transactions do that cannot be put into one order."""
    admin.execute(_TRIPS.format(times=times).encode())
    try:
        yield
    finally:
        admin.execute(_NO_TRIPS)


@pytest.mark.parametrize(("times", "status"), [(2, 201), (3, 503)])
def test_a_serialisation_failure_is_tried_again_twice(
    scene: Stage, service: Running, admin: Admin, times: int, status: int
) -> None:
    with tripping(admin, times):
        assert opened(scene, service).status == status
