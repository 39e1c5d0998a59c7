"""`tenantry migrate` and `tenantry version`, and `serve` that migrates by itself."""

from pathlib import Path
from signal import SIGTERM

import pytest
from typer.testing import CliRunner

from tenantry import __version__
from tenantry.cli.main import app
from tenantry.schema import SCHEMA
from tests.cli.commands import running, tenantry
from tests.cli.production import whole
from tests.support.postgres import TestPostgres
from tests.support.processes import is_running, kill, pid_of, wait_for

UP_TO_DATE = "The schema is up to date.\n"


@pytest.mark.parametrize("by", ["TENANTRY_MIGRATION_DATABASE_URL", "DATABASE_URL"])
def test_migrate_says_what_it_did(postgres: TestPostgres, by: str) -> None:
    bare = postgres.fresh_database(migrated=False)
    parts = [SCHEMA.baseline, *SCHEMA.functions]
    steps = "".join(f"applied {each.name}\n" for each in parts)
    for said in (steps + UP_TO_DATE, UP_TO_DATE):
        result = CliRunner().invoke(app, ["migrate"], env={by: bare.owner})
        assert (result.exit_code, result.stdout) == (0, said), result.output


def test_migrate_and_serve_by_an_embedded_database(open_folder: Path) -> None:
    home = open_folder / "home"
    settings = whole("") | {"TENANTRY_HOME": str(home)}
    ended = tenantry("migrate", settings=settings)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith(UP_TO_DATE)
    with running("serve", "--workers=2", settings=settings) as service:
        pid = pid_of(home / "postgres")
        assert service.get("/readyz").status_code == 200
        assert service.end(SIGTERM) == 0
    assert not is_running(pid)


@pytest.mark.parametrize("workers", [1, 2])
def test_kill_9_of_the_embedded_database_heals_by_itself(open_folder: Path, workers: int) -> None:
    home = open_folder / "home"
    settings = whole("") | {"TENANTRY_HOME": str(home), "TENANTRY_AUTO_MIGRATE": "1"}
    with running("serve", f"--workers={workers}", settings=settings) as service:
        killed, control = pid_of(home / "postgres"), home / "postgres/global/pg_control"
        control.rename(home / "pg_control")  # so that it stays away until we have asked
        kill(killed)
        away = service.get("/readyz")
        assert (away.status_code, away.headers["retry-after"]) == (503, "1")
        assert service.get("/healthz").status_code == 200
        (home / "pg_control").rename(control)
        wait_for(lambda: service.is_ready)
        assert pid_of(home / "postgres") != killed


def test_serve_migrates_where_it_is_told_to(postgres: TestPostgres) -> None:
    bare = postgres.fresh_database(migrated=False)
    settings = whole(bare.service) | {
        "TENANTRY_AUTO_MIGRATE": "1",
        "TENANTRY_MIGRATION_DATABASE_URL": bare.owner,
    }
    with running("serve", settings=settings) as service:
        assert service.get("/readyz").json() == {"status": "ok", "failing": []}


def test_version_is_the_version() -> None:
    result = CliRunner().invoke(app, ["version"])
    assert (result.exit_code, result.stdout) == (0, f"{__version__}\n")
