"""Commands that only look make nothing: an embedded database that no one made is not there."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenantry.cli.main import app
from tests.cli.production import refusal, whole

COMMANDS = [
    ("operators", "list"),
    ("operators", "add", "olga@example.com"),
    ("operators", "remove", "olga@example.com"),
    ("backup", "kept.backup"),
    ("emails", "list"),
    ("emails", "requeue", "--all-failed"),
    ("secret-key", "adopt"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("home", ["elsewhere", "."])
def test_where_there_is_no_database_it_says_where_it_looked_and_makes_none(
    command: tuple[str, ...], home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = refusal(*command, settings={"TENANTRY_HOME": home})
    assert f"There is no database in {(tmp_path / home).resolve()}." in said
    assert "Set TENANTRY_HOME to the folder of the embedded database" in said
    assert list(tmp_path.iterdir()) == []


def test_doctor_does_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ambient = [name for name in os.environ if name.startswith(("TENANTRY_", "DATABASE_URL"))]
    settings = {**dict.fromkeys(ambient), **whole(""), "DATABASE_URL": None}
    result = CliRunner().invoke(app, ["doctor"], env=settings)
    assert result.exit_code == 1
    assert f"FIX   connection    There is no database in {tmp_path.resolve()}/.tenantry." in (
        result.stdout
    )
    assert list(tmp_path.iterdir()) == []
