"""Upgrades lead a released schema to the present one, and the release before keeps serving.

These tests copy the present schema to a folder, and change it there as a later release would.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tenantry.postgres.migrator import APPLIED, MigrationError, Schema
from tenantry.schema import SCHEMA, migrate
from tests.conftest import ClientOf
from tests.support.database.catalog import definitions
from tests.support.postgres import TestPostgres

UPGRADE = "9.0.0_01_add_colors.sql"
FUNCTION = "personal_organization.sql"
ADD_COLOR = "alter table workspaces add column color text not null default 'blue';\n"

Applied = list[tuple[Any, ...]]


@pytest.fixture
def later(tmp_path: Path) -> Schema:
    """The schema of a later release: a column more, an upgrade, and a function that has changed."""
    folder = tmp_path / "schema"
    shutil.copytree(str(SCHEMA.folder), folder)
    tables = sorted((folder / "tables").glob("*.sql"))[-1]
    tables.write_text(tables.read_text() + ADD_COLOR)
    (folder / "upgrades" / UPGRADE).write_text(ADD_COLOR)
    function = folder / "functions" / FUNCTION
    function.write_text(function.read_text().replace("$$;", "-- changed\n$$;"))
    return Schema(folder, "9.0.0")


def applied(url: str) -> Applied:
    with psycopg.connect(url) as connection:
        return connection.execute(APPLIED.text).fetchall()


def catalog(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return definitions(connection)


def test_the_baseline_and_its_upgrades_lead_to_the_schema(
    postgres: TestPostgres, later: Schema
) -> None:
    upgraded, fresh = postgres.fresh_database(), postgres.fresh_database(migrated=False)
    before = catalog(upgraded.owner)
    assert [part.name for part in migrate(upgraded.owner, later)] == [
        f"upgrades/{UPGRADE}",
        f"functions/{FUNCTION}",
    ]
    migrate(fresh.owner, later)

    assert catalog(upgraded.owner) == catalog(fresh.owner) != before
    assert {name for name, *_ in applied(upgraded.owner)} == {
        name for name, *_ in applied(fresh.owner)
    }


def test_every_released_schema_is_kept_and_leads_to_this_one(postgres: TestPostgres) -> None:
    """A release has a date in the changelog; docs/releasing.md says how to keep its schema."""
    folder = Path(__file__).with_name("schemas")
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
    releases = re.findall(r"^## (\d+\.\d+\.\d+) \(", changelog, re.M)
    assert [release for release in releases if not (folder / release / "tables").is_dir()] == []
    present = catalog(postgres.fresh_database().owner)
    for release in releases:
        upgraded = postgres.fresh_database(migrated=False)
        migrate(upgraded.owner, Schema(folder / release, release))
        migrate(upgraded.owner)
        assert catalog(upgraded.owner) == present, release


def test_a_change_of_tables_without_an_upgrade_is_noticed(
    postgres: TestPostgres, later: Schema
) -> None:
    upgraded, fresh = postgres.fresh_database(), postgres.fresh_database(migrated=False)
    Path(str(later.folder / "upgrades" / UPGRADE)).unlink()
    migrate(upgraded.owner, later)
    migrate(fresh.owner, later)
    difference = catalog(fresh.owner) - catalog(upgraded.owner)
    assert [line for line in difference if "workspaces.color" in line]


async def test_the_release_before_keeps_serving_while_the_new_schema_is_in(
    postgres: TestPostgres, later: Schema, client_of: ClientOf
) -> None:
    connections = postgres.fresh_database()
    client = await client_of(database_url=connections.service)
    migrate(connections.owner, later)
    assert (await client.get("/readyz")).json() == {"status": "ok", "failing": []}

    after = applied(connections.owner)
    assert migrate(connections.owner) == []  # it takes nothing of the later release back
    assert applied(connections.owner) == after


def test_the_new_release_is_not_ready_on_the_schema_of_before(
    postgres: TestPostgres, later: Schema
) -> None:
    of_before = applied(postgres.fresh_database().owner)
    missing = [part.name for part in later.missing(of_before)]
    assert missing == [f"upgrades/{UPGRADE}", f"functions/{FUNCTION}"]


def test_an_upgrade_that_was_changed_is_refused(postgres: TestPostgres, later: Schema) -> None:
    connections = postgres.fresh_database()
    migrate(connections.owner, later)
    changed = Path(str(later.folder / "upgrades" / UPGRADE))
    changed.write_text(ADD_COLOR + "-- changed")
    with pytest.raises(MigrationError, match=r"add_colors.sql was changed.*Install the release"):
        migrate(connections.owner, Schema(later.folder, later.release))


def test_upgrades_run_in_the_order_of_their_releases(later: Schema) -> None:
    names = ["9.0.0_02_b.sql", "10.0.0_01_a.sql", "0.10.0_01_c.sql", "0.9.0_01_d.sql"]
    for name in names:
        Path(str(later.folder / "upgrades" / name)).write_text("select 1;")
    added = [part.name for part in later.upgrades if part not in SCHEMA.upgrades]
    assert [name.removeprefix("upgrades/") for name in added] == [
        *("0.9.0_01_d.sql", "0.10.0_01_c.sql", UPGRADE, "9.0.0_02_b.sql", "10.0.0_01_a.sql")
    ]


def test_every_function_can_be_run_as_it_is_written(postgres: TestPostgres) -> None:
    """The migrator does not check bodies, because functions call each other."""
    with psycopg.connect(postgres.fresh_database().owner) as connection:
        connection.execute("set search_path = public")
        connection.execute("grant create on schema directory to tenantry_directory")
        for function in SCHEMA.functions:
            connection.execute(function.text.encode())
