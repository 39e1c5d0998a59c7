"""The schema comes up to date once, whoever starts, however often, and whatever is killed."""

import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenantry.cli.provision import OWNER, Connections
from tenantry.postgres.migrator import DIRECTORY_ROLE, MigrationError, migrate, migrations
from tests.cli.commands import environment
from tests.conftest import ClientOf
from tests.postgres import TestPostgres
from tests.processes import kill, wait_for

ALL = [migration.number for migration in migrations()]
SERVERS = 4

Admin = psycopg.Connection[Any]


@pytest.fixture
def bare(postgres: TestPostgres) -> Connections:
    """A database with nothing in it."""
    return postgres.fresh_database(migrated=False)


@pytest.fixture
def owner(bare: Connections) -> Generator[Admin]:
    """Its owner, at another connection."""
    with psycopg.connect(bare.owner, autocommit=True) as connection:
        yield connection


def steps(owner: Admin) -> list[int]:
    rows = owner.execute("select number from schema_migrations order by number").fetchall()
    return [number for (number,) in rows]


def numbers(url: str) -> list[int]:
    """Which steps a run applies."""
    return [migration.number for migration in migrate(url)]


def test_every_step_has_a_number_of_its_own() -> None:
    assert sorted(set(ALL)) == ALL
    assert {migration.stage for migration in migrations()} <= {"pre", "post"}


def test_running_again_changes_nothing(bare: Connections, owner: Admin) -> None:
    assert numbers(bare.owner) == ALL
    before = owner.execute("select * from schema_migrations order by 1").fetchall()
    assert numbers(bare.owner) == []
    assert owner.execute("select * from schema_migrations order by 1").fetchall() == before


def test_servers_that_start_at_once_apply_each_step_once(
    bare: Connections, owner: Admin, admin: Admin
) -> None:
    """Shown to fail without the advisory lock in `migrate`: all but one found the tables of the
    quickest there already."""
    with ThreadPoolExecutor(SERVERS) as servers:
        with owner.transaction(force_rollback=True):
            # Whoever comes makes this table first, so all of them wait here, together.
            owner.execute("create table schema_migrations (number int)")
            runs = [servers.submit(numbers, bare.owner) for _ in range(SERVERS)]
            wait_for(lambda: waiting(admin, owner) == SERVERS)
        applied = [run.result() for run in runs]
    assert sorted(applied, key=len) == [[]] * (SERVERS - 1) + [ALL]
    assert steps(owner) == ALL


def waiting(admin: Admin, owner: Admin) -> int:
    """How many wait for a lock in the owner's database."""
    query = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = %s"
    (count,) = admin.execute(query, [owner.info.dbname]).fetchall()[0]
    return count


def test_a_server_killed_within_a_step_leaves_no_lock_and_nothing_of_the_step(
    bare: Connections, owner: Admin, admin: Admin
) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("create table users (id int)")
        server = subprocess.Popen(
            [sys.executable, "-m", "tenantry", "migrate"],
            env=environment(TENANTRY_MIGRATION_DATABASE_URL=bare.owner),
        )
        wait_for(lambda: waiting(admin, owner) == 1)
        kill(server.pid)
        server.wait()
    assert numbers(bare.owner) == ALL
    assert steps(owner) == ALL
    held = "select from pg_locks where locktype = 'advisory'"
    wait_for(lambda: owner.execute(held).fetchall() == [])


def test_a_step_that_was_changed_is_refused(bare: Connections, owner: Admin) -> None:
    migrate(bare.owner)
    owner.execute("update schema_migrations set checksum = 'of before' where number = 2")
    with pytest.raises(MigrationError, match=r"0002 was changed.*Install the release"):
        migrate(bare.owner)


def test_a_step_that_fails_is_undone_and_tried_again(bare: Connections, owner: Admin) -> None:
    owner.execute("create table workspaces (of_somebody_else int)")
    with pytest.raises(MigrationError, match=r'"workspaces" already exists.*take away'):
        migrate(bare.owner)
    assert steps(owner) == []
    assert owner.execute("select from pg_namespace where nspname = 'directory'").fetchall() == []
    owner.execute("drop table workspaces")
    assert numbers(bare.owner) == ALL


def test_the_owner_is_no_superuser(bare: Connections, owner: Admin) -> None:
    migrate(bare.owner)
    rights = "select rolsuper, rolbypassrls from pg_roles where rolname = current_user"
    assert owner.execute(rights).fetchall() == [(False, False)]
    owners = "select distinct tableowner::text from pg_tables where schemaname = 'public'"
    assert owner.execute(owners).fetchall() == [(OWNER,)]


@pytest.fixture
def plain_owner(bare: Connections, admin: Admin) -> Generator[str]:
    """The owner of the database, who may make no roles and be no other."""
    database = conninfo_to_dict(bare.owner)["dbname"]
    admin.execute("create role plain_owner login")
    admin.execute(
        sql.SQL("alter database {} owner to plain_owner").format(sql.Identifier(str(database)))
    )
    yield make_conninfo(bare.owner, user="plain_owner")
    admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(str(database))))
    admin.execute("drop role plain_owner")


def test_an_owner_who_may_not_is_told_what_is_missing(plain_owner: str, admin: Admin) -> None:
    with pytest.raises(MigrationError, match=f"GRANT {DIRECTORY_ROLE} TO it"):
        migrate(plain_owner)
    admin.execute(f"grant {DIRECTORY_ROLE} to plain_owner".encode())
    assert numbers(plain_owner) == ALL


async def test_readyz_tells_of_steps_that_are_missing(
    bare: Connections, client_of: ClientOf
) -> None:
    client = await client_of(database_url=bare.service)
    assert await readiness(client) == (503, ["migrations"])
    migrate(bare.owner)
    assert await readiness(client) == (200, [])
    with psycopg.connect(bare.owner) as owner:
        owner.execute("delete from schema_migrations where number = 2")
    assert await readiness(client) == (503, ["migrations"])


async def readiness(client: httpx2.AsyncClient) -> tuple[int, list[str]]:
    answer = await client.get("/readyz")
    return answer.status_code, answer.json()["failing"]
