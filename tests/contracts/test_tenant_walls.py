"""Nothing crosses from one tenant to another, whatever happens to tasks, statements and lines."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tenantry.authz.authorization import Authorization
from tenantry.authz.claims import Claims
from tenantry.cli.provision import SERVICE
from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.statement import BoundStatement, Statement
from tests.concurrency.pool_stress import CARRIED, Enter, Torture, Visitor
from tests.postgres.backends import Admin, until
from tests.support.cast import Cast
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING
from tests.support.scenarios.populated import Populated

LINES = 3
_KEPT_FOR_THE_SESSION = """
    select e.*
      from directory.authorize($1, $2, $3, $4) e
     where not e.granted or set_config('tenantry.org_id', $3::uuid::text, false) <> ''
"""
_OURS = "datname = current_database() and usename = %s"
_KILL_ONE = f"""
    select pg_terminate_backend(pid) from pg_stat_activity
     where {_OURS} order by random() limit 1
"""
_UNDER_WAY = f"select count(*) from pg_stat_activity where {_OURS} and state <> 'idle'"


@pytest.fixture
async def few_lines(postgres: TestPostgres, own: Populated) -> AsyncGenerator[Database]:
    """The service's own way to PostgreSQL, with fewer lines than there are tasks."""
    database = Database(
        postgres.server.dsn(SERVICE, own.admin.info.dbname),
        PoolOptions(size=LINES, patience=CEILING, queue_timeout=CEILING),
    )
    yield database
    await database.close()


def visits(cast: Cast) -> list[Visitor]:
    """Every user at every organization; those who are not members are refused."""
    players = [cast.alice, cast.dave, cast.vera, cast.bob, cast.charlie]
    acme, bobs = cast.acme.organization.id, cast.bobs.organization.id
    members = {acme: players[:3], bobs: [cast.bob]}
    members.update({player.personal_id: [player] for player in players})
    return [
        Visitor(Claims(player.actor.id, player.actor.session_id), org_id, player in welcome)
        for org_id, welcome in members.items()
        for player in players
    ]


def as_it_is(authorization: Authorization) -> BoundStatement:
    return authorization.statement()


def kept_for_the_session(authorization: Authorization) -> BoundStatement:
    """The same decision, but the tenant outlives the transaction."""
    decision = authorization.statement()
    kept = Statement(_KEPT_FOR_THE_SESSION, decision.statement.row_type)
    return BoundStatement(kept, decision.parameters)


@asynccontextmanager
async def a_killer_about(admin: Admin) -> AsyncGenerator[None]:
    """Now and then one of the service's connections is ended from outside."""

    async def kill() -> None:
        while True:
            await asyncio.sleep(0.1)
            admin.execute(_KILL_ONE, [SERVICE])

    killing = asyncio.create_task(kill())
    try:
        yield
    finally:
        killing.cancel()


async def tortured(database: Database, own: Populated, enter: Enter, *, turns: int) -> Torture:
    """What came of it."""
    torture = Torture(database, visits(own.cast), enter)
    async with a_killer_about(own.admin):
        await torture.run(tasks=24, turns=turns)
    return torture


async def test_no_row_crosses_over_and_no_line_carries_anything(
    few_lines: Database, own: Populated
) -> None:
    """Fails with leaks once `act_as` sets the tenant for the session, or a line that is not idle
    goes back and none is rolled back; and with every line gone once a cancelled exchange leaves
    its line as it is and it goes back so: all tried."""
    torture = await tortured(few_lines, own, as_it_is, turns=150)

    assert torture.leaks == []
    _happened(torture.outcomes)
    _is_kept_as_told(torture, own.admin)
    await _all_lines_are_usable(few_lines)
    await until(lambda: own.admin.execute(_UNDER_WAY, [SERVICE]).fetchone() == (0,))


def _happened(outcomes: Counter[str]) -> None:
    """Every disturbance often enough, and nothing else."""
    assert outcomes.total() == 24 * 150
    lost = ["OperationalError", "AdminShutdown", "DatabaseUnavailable"]
    assert sum(outcomes.pop(each, 0) for each in lost) > 50
    assert outcomes.keys() == {
        "done",
        "NotFound",
        "InsufficientPrivilege",
        "TimeoutError",
        "DivisionByZero",
        "QueryCanceled",
    }
    assert min(outcomes.values()) > 50, outcomes


def _is_kept_as_told(torture: Torture, admin: Admin) -> None:
    """What was acknowledged is there, in its organization; what was refused left nothing (I1)."""
    query = "select id, org_id from workspaces where name = 'Torture'"
    there = dict(admin.execute(query).fetchall())
    assert len(torture.kept) > 200
    assert torture.kept.items() <= there.items()
    assert not there.keys() & torture.undone


async def _all_lines_are_usable(database: Database) -> None:
    everyone_is_in = asyncio.Barrier(LINES)

    async def use() -> None:
        async with database.transaction(CARRIED()) as (_, (carried,)):
            await everyone_is_in.wait()
        assert carried.rows == [(None, None)]

    async with asyncio.timeout(CEILING):
        await asyncio.gather(*(use() for _ in range(LINES)))


async def test_the_torture_sees_a_tenant_that_is_kept_for_the_session(
    few_lines: Database, own: Populated
) -> None:
    torture = await tortured(few_lines, own, kept_for_the_session, turns=20)

    assert set(torture.leaks) == {
        "a line came with a tenant or a transaction on it",
        "rows of another tenant were there",
    }
    assert len(torture.leaks) > 50
