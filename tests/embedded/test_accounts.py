"""Whom PostgreSQL runs as, and that nothing is given away or opened that is not ours."""

import os
from pathlib import Path

import pytest

from tenantry.embedded.errors import EmbeddedError
from tenantry.embedded.ownership import closed_folder, give, may_run, require_owner
from tenantry.embedded.process import Account
from tests.embedded.home_under_test import AS_ROOT, dsn_of, mode_of, refusal, run, started
from tests.embedded.programs import programs

NOBODY_HERE = Account(54_321, 54_321)
OURSELVES = Account(os.geteuid(), os.getegid())


def test_data_of_another_account_are_refused(open_folder: Path) -> None:
    require_owner(open_folder, OURSELVES)
    with pytest.raises(EmbeddedError, match="would run as user 54321") as refused:
        require_owner(open_folder, NOBODY_HERE)
    assert "chown -R" in str(refused.value)


@pytest.mark.parametrize(
    ("mode", "account", "may"),
    [
        (0o700, OURSELVES, True),
        (0o077, OURSELVES, False),
        (0o070, NOBODY_HERE._replace(gid=OURSELVES.gid), True),
        (0o707, NOBODY_HERE._replace(gid=OURSELVES.gid), False),
        (0o005, NOBODY_HERE, True),
        (0o770, NOBODY_HERE, False),
    ],
)
def test_who_may_run_a_program_is_told_by_its_owner_group_and_mode(
    open_folder: Path, mode: int, account: Account, may: bool
) -> None:
    program = open_folder / "program"
    program.touch()
    os.chown(program, OURSELVES.uid, OURSELVES.gid)
    program.chmod(mode)
    assert may_run(account, program) is may


def test_the_first_folder_that_is_closed_is_named(open_folder: Path) -> None:
    inner = open_folder / "closed" / "open"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    assert closed_folder(inner, NOBODY_HERE) == inner.parent
    inner.parent.chmod(0o711)
    assert closed_folder(inner, NOBODY_HERE) is None


def test_what_a_link_points_to_is_never_given_away(open_folder: Path) -> None:
    theirs = open_folder / "theirs"
    theirs.mkdir(mode=0o755)
    (open_folder / "ours").symlink_to(theirs)
    with pytest.raises(OSError, match="ours"):
        give(open_folder / "ours", NOBODY_HERE)
    assert (mode_of(theirs), theirs.stat().st_uid) == (0o755, OURSELVES.uid)


def test_a_folder_that_cannot_be_given_is_refused() -> None:
    with pytest.raises(EmbeddedError, match="/proc/self/fd cannot be given to user 54321"):
        give(Path("/proc/self/fd"), NOBODY_HERE)


def test_data_behind_a_folder_that_was_closed_are_refused_and_left_alone(
    home: Path, ours: Path
) -> None:
    home.chmod(0o700)
    if AS_ROOT:
        assert f"who may not pass through {home}" in refusal(home)
        assert (home / "postgres/PG_VERSION").exists()
        home.chmod(0o711)
    with started(home) as server:
        assert server.data_folder == home / "postgres"


def test_a_folder_of_ours_that_others_may_write_is_not_trusted(tmp_path: Path, ours: Path) -> None:
    ours.mkdir()
    ours.chmod(0o777)
    if AS_ROOT:
        assert f"{ours} must be root's" in refusal(tmp_path / "home")
        ours.chmod(0o755)
    with started(tmp_path / "home") as server:
        assert run(dsn_of(server), "select 1") == [(1,)]


def test_programs_that_are_closed_and_cannot_be_copied_are_refused(
    new_home: Path, open_folder: Path
) -> None:
    bindir = programs(open_folder, "18.4")
    bindir.chmod(0o700)
    said = f"{bindir} is closed to others" if AS_ROOT else "initdb gave up"
    assert said in refusal(new_home, bindir=bindir)


def test_who_sits_on_the_name_of_the_socket_folder_is_left_there(home: Path) -> None:
    with started(home) as server:
        sockets = socket_folder_of(dsn_of(server))
    sockets.write_text("mine")
    with started(home) as server:
        assert socket_folder_of(dsn_of(server)) != sockets
        assert run(dsn_of(server), "select 1") == [(1,)]
    assert sockets.read_text() == "mine"


def test_what_a_killed_server_left_in_the_socket_folder_is_in_nobodys_way(home: Path) -> None:
    with started(home) as server:
        sockets = socket_folder_of(dsn_of(server))
    sockets.mkdir()
    (sockets / ".s.PGSQL.5432.lock").write_text("1\n")
    with started(home) as server:
        assert socket_folder_of(dsn_of(server)) == sockets
        assert run(dsn_of(server), "select 1") == [(1,)]


def socket_folder_of(dsn: str) -> Path:
    (row,) = run(dsn, "select current_setting('unix_socket_directories')")
    return Path(row[0].strip('"'))
