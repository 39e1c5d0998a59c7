"""Walks: whatever is large, or fails, keeps nothing else from being taken away."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tenantry.app import SWEEPS
from tenantry.http.observability.metrics import Metrics
from tenantry.kit.ids import new_id
from tenantry.postgres.database import Database
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.worker.housekeeping import BATCH, Housekeeping, Walk
from tests.support.cast import Cast

Admin = psycopg.Connection[Any]

_ENDED = "update organizations set deleted_at = now() - interval '30 days' where org_id = %s"
_SOW = """
    insert into events (org_id, id, action, actor_type, actor_name, targets, changes, occurred_at)
    select %s, gen_random_uuid(), 'organization.updated', 'user', 'x', '[]', '[]', now()
      from generate_series(1, %s)
"""
_ROWS = "select count(*) from events where org_id = %s"
_IS_THERE = "select exists (select from organizations where org_id = %s)"


def purge() -> Walk:
    return walk_of("organizations")


def walk_of(name: str) -> Walk:
    walk = SWEEPS[name]
    assert isinstance(walk, Walk)
    return walk


def sow_events(admin: Admin, org_id: UUID, count: int) -> None:
    """So much happened in an organization."""
    admin.execute(_SOW, [org_id, count])


def is_there(admin: Admin, org_id: UUID) -> bool:
    return admin.execute(_IS_THERE, [org_id]).fetchone() == (True,)


@asynccontextmanager
async def unpurgeable(admin: Admin, org_id: UUID) -> AsyncGenerator[None]:
    """Something refers to an organization that no one thought of."""
    admin.execute("create table poison (org_id uuid references organizations (org_id))")
    try:
        admin.execute("insert into poison values (%s)", [org_id])
        yield
    finally:
        admin.execute("drop table poison")


async def test_a_large_organization_is_purged_in_pieces_of_bounded_size(
    admin: Admin, cast: Cast, database: Database
) -> None:
    """Fails with one piece that takes all once the rows go with their organization alone."""
    org_id, pieces, walk = cast.acme.organization.id, list[int](), purge()
    sow_events(admin, org_id, 5 * BATCH)
    admin.execute(_ENDED, [org_id])

    async def proceed(tx: Tx, subject: UUID, most: int) -> bool:
        (before,) = admin.execute(_ROWS, [org_id]).fetchall()[0]
        left = await walk.proceed(tx, subject, most)
        if subject == org_id:
            after = await tx.row(Statement(_ROWS.replace("%s", "$1"))(org_id))
            pieces.append(before - (after[0] if after else 0))
        return left

    await Housekeeping(database, {"organizations": replace(walk, proceed=proceed)}).sweep_all()

    assert not is_there(admin, org_id)
    assert len(pieces) > 5
    assert max(pieces) <= BATCH


async def test_one_that_cannot_be_purged_holds_up_no_other_and_is_told_of(
    admin: Admin, cast: Cast, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails where all of a batch share a transaction: both organizations stay."""
    poison, other = cast.acme.organization.id, cast.bobs.organization.id
    metrics = Metrics()
    for org_id in (poison, other):
        admin.execute(_ENDED, [org_id])
    async with unpurgeable(admin, poison):
        with caplog.at_level(logging.ERROR, "tenantry.worker"):
            await Housekeeping(database, {"organizations": purge()}, metrics).sweep_all()
        assert (is_there(admin, poison), is_there(admin, other)) == (True, False)

    assert str(poison) in caplog.text
    assert str(other) not in caplog.text
    told = metrics.exposition().decode()
    assert 'tenantry_job_failures_total{job="sweep_organizations"} 1.0' in told
    await Housekeeping(database, {"organizations": purge()}).sweep_all()
    assert not is_there(admin, poison)


async def test_they_take_turns_so_that_a_small_one_never_waits_for_a_large_one(
    database: Database,
) -> None:
    left, order = {UUID(int=1): 9, UUID(int=2): 1}, list[int]()

    async def find(tx: Tx, after: UUID, most: int) -> tuple[list[UUID], UUID | None]:
        return list(left), None

    async def proceed(tx: Tx, subject: UUID, most: int) -> bool:
        left[subject] -= 1
        order.append(subject.int)
        return left[subject] > 0

    await Housekeeping(database, {"walk": Walk(find, proceed)}).sweep_all()

    assert order == [1, 2, *[1] * 8]


async def test_a_statement_that_took_too_long_is_a_failure_and_no_outage(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails where every OperationalError counts as an outage: nothing is logged, or counted."""
    limit = Statement("select set_config('statement_timeout', '1ms', true)")
    metrics, subject = Metrics(), new_id()

    async def find(tx: Tx, after: UUID, most: int) -> tuple[list[UUID], UUID | None]:
        return [subject], None

    async def proceed(tx: Tx, subject: UUID, most: int) -> bool:
        await tx.rows(limit())
        await tx.rows(Statement("select 1 from pg_sleep(10)")())
        return False

    await Housekeeping(database, {"slow": Walk(find, proceed)}, metrics).sweep_all()

    assert str(subject) in caplog.text
    assert 'tenantry_job_failures_total{job="sweep_slow"} 1.0' in metrics.exposition().decode()


async def test_an_email_that_cannot_be_erased_holds_up_no_other_organization(
    admin: Admin, cast: Cast, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails where the emails of all organizations share a transaction: both stay."""
    sow = """
        insert into emails (org_id, id, recipient, state, next_attempt_at, created_at, settled_at)
        select %s, gen_random_uuid(), 'old', 'sent', long_ago, long_ago, long_ago
          from (select now() - interval '31 days' as long_ago) past
    """
    where = [cast.acme.organization.id, cast.bobs.organization.id]
    for org_id in where:
        admin.execute(sow, [org_id])
    query = "select count(*) from emails where org_id = %s and recipient = 'old'"
    admin.execute(
        "create table poison (org_id uuid, id uuid, foreign key (org_id, id) references emails)"
    )
    try:
        admin.execute(
            "insert into poison select org_id, id from emails where org_id = %s", where[:1]
        )
        await Housekeeping(database, {"emails": walk_of("emails")}).sweep_all()
        left = [admin.execute(query, [org_id]).fetchone() for org_id in where]
    finally:
        admin.execute("drop table poison")

    assert left == [(1,), (0,)]
    assert str(where[0]) in caplog.text
