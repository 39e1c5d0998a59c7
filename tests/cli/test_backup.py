"""`tenantry backup` and `tenantry restore`: what comes back is what was there."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenantry.app import Parts
from tenantry.cli.provision import Connections
from tests.cli.commands import running, tenantry
from tests.cli.demo import Demo
from tests.cli.production import refusal
from tests.conftest import ClientOf
from tests.support.database import invariants
from tests.support.database.catalog import faults
from tests.support.postgres import TestPostgres, bindirs
from tests.support.processes import open_folder
from tests.support.scenarios.populated import populated

Rows = dict[str, list[tuple[Any, ...]]]

KEEPER = "keeper_of_backups"


SERVERS = bindirs()
"""What each test run has: 16 and 18 of the wheel, and the oldest where the system brings it."""


@pytest.fixture(scope="module", params=SERVERS, ids=lambda major: f"postgresql-{major}")
def server(request: pytest.FixtureRequest) -> Generator[TestPostgres]:
    """A server of each version that is here."""
    with open_folder() as folder:
        started = TestPostgres.start(folder, SERVERS[request.param])
        yield started
        started.server.stop()


@contextmanager
def keeper_on(server: TestPostgres) -> Generator[str]:
    """A login that may read everything and is bound by no row security, as the guide says."""
    with server.admin("postgres") as admin:
        admin.execute(f"create role {KEEPER} login bypassrls".encode())
        admin.execute(f"grant pg_read_all_data to {KEEPER}".encode())
        yield make_conninfo(server.connections.service, user=KEEPER)
        admin.execute(f"drop role {KEEPER}".encode())


@pytest.fixture
def keeper(postgres: TestPostgres) -> Generator[str]:
    with keeper_on(postgres) as login:
        yield login


def rows(admin: psycopg.Connection[Any]) -> Rows:
    """Every row of every table, as a superuser sees them."""
    tables = admin.execute(
        "select relname from pg_class where relkind = 'r'"
        " and relnamespace = 'public'::regnamespace order by relname"
    ).fetchall()
    return {
        table: admin.execute(_ROWS.format(sql.Identifier(table))).fetchall() for (table,) in tables
    }


_ROWS = sql.SQL("select t::text from {} t order by 1")


def settings_of(made: Connections, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": made.service,
        "TENANTRY_MIGRATION_DATABASE_URL": made.owner,
        **more,
    }


async def test_all_tables_come_back_row_by_row_with_their_walls(
    server: TestPostgres,
    parts: Parts,
    mailbox: Path,
    tmp_path: Path,
    client_of: ClientOf,
) -> None:
    file = tmp_path / "tenantry.backup"
    empty = server.fresh_database(migrated=False)
    with keeper_on(server) as keeper:
        async with populated(server, parts, mailbox) as lived_in:
            name = lived_in.admin.info.dbname
            taken = tenantry(
                *("backup", str(file)),
                settings={"TENANTRY_BACKUP_DATABASE_URL": make_conninfo(keeper, dbname=name)}
                | {"DATABASE_URL": make_conninfo(server.connections.service, dbname=name)},
            )
            assert (taken.returncode, taken.stderr) == (0, "")
            before = rows(lived_in.admin)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(before["memberships"]) > 5

    brought = tenantry("restore", str(file), settings=settings_of(empty))
    assert (brought.returncode, brought.stderr) == (0, "")
    with server.admin(str(conninfo_to_dict(empty.owner)["dbname"])) as admin:
        assert rows(admin) == before
        assert faults(admin) == []
        assert invariants.faults(admin) == []
    client = await client_of(database_url=empty.service)
    assert (await client.get("/readyz")).status_code == 200


def test_the_embedded_database_works_out_of_the_box(tmp_path: Path) -> None:
    file = tmp_path / "embedded.backup"
    with open_folder() as folder:
        old, new = folder / "old", folder / "new"
        with running("dev", settings={"TENANTRY_HOME": str(old)}) as started:
            Demo(started, old).found("Backed Up")
            taken = tenantry("backup", str(file), settings={"TENANTRY_HOME": str(old)})
            assert (taken.returncode, taken.stderr) == (0, "")
        brought = tenantry("restore", str(file), settings={"TENANTRY_HOME": str(new)})
        assert (brought.returncode, brought.stderr) == (0, "")
        subprocess.run(["cp", old / "demo-password", new], check=True)
        with running("dev", settings={"TENANTRY_HOME": str(new)}) as started:
            assert "Backed Up" in Demo(started, new).organizations


def test_a_login_that_row_security_binds_is_refused(postgres: TestPostgres, tmp_path: Path) -> None:
    said = refusal("backup", str(tmp_path / "x"), settings=settings_of(postgres.connections))
    assert "CREATE ROLE tenantry_backup LOGIN BYPASSRLS" in said
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, keeper: str) -> None:
    file = tmp_path / "kept"
    file.write_text("of yesterday")
    said = refusal("backup", str(file), settings={"DATABASE_URL": keeper})
    assert "exists already" in said
    assert file.read_text() == "of yesterday"


def test_a_database_that_has_something_in_it_is_refused(
    postgres: TestPostgres, tmp_path: Path
) -> None:
    file = tmp_path / "any"
    file.write_text("anything")
    said = refusal("restore", str(file), settings=settings_of(postgres.connections))
    assert "The database is not empty, and nothing is overwritten" in said


def test_what_is_no_backup_leaves_the_database_empty(
    postgres: TestPostgres, tmp_path: Path
) -> None:
    file = tmp_path / "none"
    file.write_text("no backup at all")
    empty = postgres.fresh_database(migrated=False)
    said = refusal("restore", str(file), settings=settings_of(empty))
    assert "pg_restore failed, and nothing was kept" in said
    with psycopg.connect(empty.owner) as owner:
        assert owner.execute("select from pg_tables where schemaname = 'public'").fetchall() == []


def test_a_backup_that_ends_too_early_leaves_the_database_empty(
    postgres: TestPostgres, keeper: str, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    taken = tenantry(
        *("backup", str(whole)),
        settings=settings_of(postgres.connections, TENANTRY_BACKUP_DATABASE_URL=keeper),
    )
    assert (taken.returncode, taken.stderr) == (0, "")
    cut.write_bytes(whole.read_bytes()[:-100])
    empty = postgres.fresh_database(migrated=False)
    said = refusal("restore", str(cut), settings=settings_of(empty))
    assert "pg_restore failed, and nothing was kept" in said
    with psycopg.connect(empty.owner) as owner:
        assert owner.execute("select from pg_tables where schemaname = 'public'").fetchall() == []


def test_a_restore_that_the_server_refuses_leaves_the_database_empty(
    postgres: TestPostgres, keeper: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    broken = postgres.fresh_database()
    name = str(conninfo_to_dict(broken.owner)["dbname"])
    with postgres.admin(name) as admin:  # which the owner who restores may not make
        admin.execute("create function planted() returns int language internal as 'int4um'")
    login = make_conninfo(keeper, dbname=name)
    taken = tenantry(
        *("backup", str(file)), settings=settings_of(broken, TENANTRY_BACKUP_DATABASE_URL=login)
    )
    assert (taken.returncode, taken.stderr) == (0, "")
    empty = postgres.fresh_database(migrated=False)
    said = refusal("restore", str(file), settings=settings_of(empty))
    assert "psql failed, and nothing was kept" in said
    assert "permission denied for language internal" in said
    with psycopg.connect(empty.owner) as owner:
        assert owner.execute("select from pg_tables where schemaname = 'public'").fetchall() == []
