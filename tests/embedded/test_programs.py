"""Which PostgreSQL is taken, of those that there are."""

import sys
from pathlib import Path

import pytest

from tenantry.embedded.binaries import WHEELS, find_bindir, find_client, version_of
from tenantry.embedded.errors import EmbeddedError
from tenantry.embedded.process import ask
from tests.embedded.home_under_test import refusal
from tests.embedded.programs import program, programs


def test_the_wheel_comes_before_the_system(open_folder: Path) -> None:
    bindir = find_bindir(open_folder / "none")
    assert WHEELS[0] in bindir.parts
    assert (version_of(bindir) or "").startswith("18.")
    assert not sys.modules.keys() & {*WHEELS}


def test_the_data_decide_which_programs_fit(open_folder: Path) -> None:
    (open_folder / "PG_VERSION").write_text("16\n")
    assert (version_of(find_bindir(open_folder)) or "").startswith("16.")


def test_programs_that_are_too_old_are_refused(new_home: Path, open_folder: Path) -> None:
    bindir = programs(open_folder, "14.22")
    assert "holds PostgreSQL 14.22, but 15 or later is needed" in refusal(new_home, bindir=bindir)


def test_programs_that_do_not_run_are_none(new_home: Path, open_folder: Path) -> None:
    bindir = programs(open_folder, "18.4")
    program(bindir / "postgres", "echo 'postgres (PostgreSQL) 18.4'; exit 1")
    assert "no working `initdb` and `postgres`" in refusal(new_home, bindir=bindir)


def test_data_that_name_no_version_are_refused_and_left_alone(new_home: Path) -> None:
    (new_home / "postgres").mkdir(parents=True)
    (new_home / "postgres/PG_VERSION").write_text("eighteen\n")
    assert "names no version" in refusal(new_home)
    assert (new_home / "postgres/PG_VERSION").read_text() == "eighteen\n"


def test_a_client_is_of_the_version_that_is_needed_or_refused() -> None:
    assert (ask(str(find_client("pg_dump", 18)), "--version") or "").startswith("pg_dump")
    with pytest.raises(EmbeddedError, match="No pg_dump of PostgreSQL 999 or later"):
        find_client("pg_dump", 999)


def test_a_program_that_is_not_there_or_fails_answers_nothing(open_folder: Path) -> None:
    assert ask(str(open_folder / "nothing"), "--version") is None
    assert ask("false") is None
