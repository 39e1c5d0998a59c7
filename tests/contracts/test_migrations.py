"""The schema is brought up to date once, however often processes start or are killed."""

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
from tenantry.postgres.migrator import MigrationError
from tenantry.schema import DIRECTORY_ROLE, SCHEMA, migrate
from tests.cli.commands import environment
from tests.conftest import ClientOf
from tests.support.postgres import TestPostgres
from tests.support.processes import kill, wait_for

ALL = [part.name for part in (SCHEMA.baseline, *SCHEMA.functions)]
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


def recorded(owner: Admin) -> list[str]:
    return [name for (name,) in owner.execute("select name from schema_parts").fetchall()]


def names(url: str) -> list[str]:
    """What a run applies."""
    return [part.name for part in migrate(url)]


def test_running_again_changes_nothing(bare: Connections, owner: Admin) -> None:
    assert names(bare.owner) == ALL
    before = owner.execute("select * from schema_parts order by 1").fetchall()
    assert names(bare.owner) == []
    assert owner.execute("select * from schema_parts order by 1").fetchall() == before


def test_servers_that_start_at_once_apply_each_step_once(
    bare: Connections, owner: Admin, admin: Admin
) -> None:
    """Shown to fail without the advisory lock in `migrate`: all but one found the tables of the
    quickest there already."""
    with ThreadPoolExecutor(SERVERS) as servers:
        with owner.transaction(force_rollback=True):
            # This is the first table that each of them creates, so all wait here together.
            owner.execute("create table schema_parts (name text)")
            runs = [servers.submit(names, bare.owner) for _ in range(SERVERS)]
            wait_for(lambda: waiting(admin, owner) == SERVERS)
        applied = [run.result() for run in runs]
    assert sorted(applied, key=len) == [[]] * (SERVERS - 1) + [ALL]
    assert sorted(recorded(owner)) == sorted(ALL)


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
    assert names(bare.owner) == ALL
    assert sorted(recorded(owner)) == sorted(ALL)
    held = "select from pg_locks where locktype = 'advisory'"
    wait_for(lambda: owner.execute(held).fetchall() == [])


def test_a_database_of_release_0_1_is_refused(bare: Connections, owner: Admin) -> None:
    owner.execute("create table schema_migrations (number int primary key)")
    with pytest.raises(MigrationError, match=r"created by Tenantry 0\.1.*use an empty database"):
        migrate(bare.owner)
    assert owner.execute("select to_regclass('schema_parts')").fetchone() == (None,)


def test_a_step_that_fails_is_undone_and_tried_again(bare: Connections, owner: Admin) -> None:
    owner.execute("create table workspaces (of_somebody_else int)")
    with pytest.raises(MigrationError, match=r'"workspaces" already exists.*remove what'):
        migrate(bare.owner)
    assert recorded(owner) == []
    assert owner.execute("select from pg_namespace where nspname = 'directory'").fetchall() == []
    owner.execute("drop table workspaces")
    assert names(bare.owner) == ALL


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
    with pytest.raises(MigrationError, match=r"GRANT them TO it"):
        migrate(plain_owner)
    admin.execute(f"grant {DIRECTORY_ROLE} to plain_owner".encode())
    assert names(plain_owner) == ALL


async def test_readyz_tells_of_steps_that_are_missing(
    bare: Connections, client_of: ClientOf
) -> None:
    client = await client_of(database_url=bare.service)
    assert await readiness(client) == (503, ["migrations"])
    migrate(bare.owner)
    assert await readiness(client) == (200, [])
    with psycopg.connect(bare.owner) as owner:
        owner.execute("delete from schema_parts where name like 'functions/%'")
    assert await readiness(client) == (503, ["migrations"])


async def readiness(client: httpx2.AsyncClient) -> tuple[int, list[str]]:
    answer = await client.get("/readyz")
    return answer.status_code, answer.json()["failing"]
