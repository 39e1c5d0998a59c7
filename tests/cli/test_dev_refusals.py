"""`tenantry dev` does not start where it would do harm or could not work, and says what to do."""

import socket
from pathlib import Path

import pytest

from tests.cli.commands import tenantry
from tests.cli.production import TRY_AGAIN, refusal


def test_a_port_that_is_taken_is_refused_before_anything_is_started(open_folder: Path) -> None:
    home = open_folder / "home"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = {"TENANTRY_HOME": str(home), "TENANTRY_PORT": str(port)}
        ended = tenantry("dev", settings=settings)
    assert (ended.returncode, ended.stdout) == (TRY_AGAIN, "")
    assert ended.stderr == (
        f"tenantry: 127.0.0.1:{port} cannot be used (Address already in use). Stop what uses it,"
        f" or choose another port, for example TENANTRY_PORT={port + 1}.\n"
    )
    assert not home.exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "tenantry.example.com"])
def test_a_host_that_others_reach_is_refused(host: str) -> None:
    assert "Unset TENANTRY_HOST" in refusal("dev", settings={"TENANTRY_HOST": host})


@pytest.mark.parametrize("place", ["file/home", "/proc/tenantry", "/dev/null"])
@pytest.mark.parametrize("database", [{}, {"DATABASE_URL": "postgresql://127.0.0.1:1/nothing"}])
def test_a_home_that_cannot_be_written_is_refused(
    open_folder: Path, place: str, database: dict[str, str]
) -> None:
    (open_folder / "file").touch()
    home = str(open_folder / place)
    settings = {"TENANTRY_HOME": home, "TENANTRY_PORT": "0", **database}
    said = refusal("dev", settings=settings)
    assert home in said
    assert "Set TENANTRY_HOME to a folder that this user can write to" in said


def test_reset_is_refused_for_a_database_of_somebodys_own(open_folder: Path) -> None:
    settings = {
        "TENANTRY_HOME": str(open_folder / "home"),
        "TENANTRY_PORT": "0",
        "DATABASE_URL": "postgresql://127.0.0.1:1/nothing",
    }
    assert "unset DATABASE_URL" in refusal("dev", "--reset", settings=settings)


def test_a_database_that_is_away_is_refused(open_folder: Path) -> None:
    settings = {
        "TENANTRY_HOME": str(open_folder / "home"),
        "TENANTRY_PORT": "0",
        "DATABASE_URL": "postgresql://someone:hunter2@127.0.0.1:1/nothing",
    }
    assert "correct DATABASE_URL" in refusal("dev", settings=settings, status=TRY_AGAIN)
