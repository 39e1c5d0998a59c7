"""Where the embedded PostgreSQL cannot run, it says why and what to do, and harms nothing."""

from pathlib import Path

import pytest

from tenantry.embedded.binaries import find_bindir
from tests.embedded.home_under_test import dsn_of, refusal, run, started, stranger_as_owner_of
from tests.embedded.owners import Owner
from tests.support.processes import wait_for


@pytest.mark.parametrize("place", ["file/home", "/proc/tenantry", "/dev/null"])
def test_a_home_that_cannot_be_written_is_refused(open_folder: Path, place: str) -> None:
    (open_folder / "file").touch()
    assert "TENANTRY_HOME" in refusal(open_folder / place)


def test_a_full_disk_is_refused_and_leaves_nothing_half_made(new_home: Path) -> None:
    # A write-ahead log does not fit into files of 8 MB: for initdb the same as a full disk.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, 8 << 20))\n"
    with Owner(new_home, prelude=limit) as owner:
        assert "Free some space" in owner.report()["refusal"]
    assert not any(new_home.glob("postgres*/"))
    with started(new_home) as server:
        assert run(dsn_of(server), "select 1") == [(1,)]


def test_data_of_an_unknown_version_are_refused_and_left_alone(new_home: Path) -> None:
    (new_home / "postgres").mkdir(parents=True)
    (new_home / "postgres/PG_VERSION").write_text("99\n")
    assert "Install PostgreSQL 99" in refusal(new_home)
    assert [path.name for path in (new_home / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(new_home: Path) -> None:
    (new_home / "postgres").mkdir(parents=True)
    (new_home / "postgres/greeting.txt").write_text("Dear Alice")
    assert "Move it away" in refusal(new_home)
    assert (new_home / "postgres/greeting.txt").read_text() == "Dear Alice"


def test_programs_that_are_not_there_are_refused(new_home: Path, open_folder: Path) -> None:
    assert "no working `initdb` and `postgres`" in refusal(new_home, bindir=open_folder)


def test_programs_that_do_not_fit_the_data_are_refused(new_home: Path) -> None:
    (new_home / "postgres").mkdir(parents=True)
    (new_home / "postgres/PG_VERSION").write_text("16\n")
    newest = find_bindir(new_home / "none")
    assert "but 16 is needed" in refusal(new_home, bindir=newest)


def test_data_that_another_postgresql_uses_are_refused(home: Path) -> None:
    with started(home) as server:
        data_folder = server.data_folder
    command = (find_bindir(data_folder) / "postgres", "-D", data_folder, "-k", data_folder)
    with stranger_as_owner_of(data_folder, *command, "-h", "") as stranger:
        wait_for(lambda: (data_folder / ".s.PGSQL.5432").exists())
        assert f"kill -INT {stranger.pid}" in refusal(home)
        assert stranger.poll() is None
    with started(home) as server:
        assert server.owned


def test_a_log_names_the_reason_where_postgresql_gives_up(home: Path) -> None:
    with started(home) as server:
        settings = server.data_folder / "postgresql.conf"
    settings.write_text("wal_level = nonsense\n")
    message = refusal(home)
    assert "configuration file" in message
    assert str(home / "postgres.log") in message
