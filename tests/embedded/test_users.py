"""Root's own folders and ordinary users.

What differs for root, whom PostgreSQL refuses to serve, is told by the expectations, so every test
holds for root and for an ordinary user alike.
"""

import os
from pathlib import Path

from tenantry.embedded.binaries import WHEELS
from tenantry.embedded.server import start
from tests.embedded.home_under_test import AS_ROOT, dsn_of, mode_of, run, started
from tests.embedded.owners import Owner
from tests.embedded.pythons import copy_wheel, ordinary_python
from tests.support.processes import is_running, pid_of, wait_for


def test_a_home_closed_to_others_serves_all_the_same(tmp_path: Path, ours: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    on_the_way = [home, *home.parents]
    modes = [mode_of(folder) for folder in on_the_way]
    with started(home) as server, started(home) as second:
        assert run(dsn_of(server), "select 1") == [(1,)]
        assert (second.owned, second.data_folder) == (False, server.data_folder)
        assert server.data_folder.is_relative_to(ours if AS_ROOT else home)
        assert (server.notice or "").endswith(f"its data are in {server.data_folder}." * AS_ROOT)
        assert bool(server.notice) is AS_ROOT
        run(dsn_of(server), "create table kept as select 42 as n")
    with started(home) as server:
        assert run(dsn_of(server), "select n from kept") == [(42,)]
    assert [mode_of(folder) for folder in on_the_way] == modes


def test_programs_closed_to_others_serve_all_the_same(
    new_home: Path, tmp_path: Path, ours: Path
) -> None:
    closed = tmp_path / "closed"
    copy_wheel(closed)
    closed.chmod(0o700)
    bindir = closed / WHEELS[0] / "pginstall/bin"
    with started(new_home, bindir=bindir) as server:
        assert run(dsn_of(server), "select 1") == [(1,)]
        (row,) = run(dsn_of(server), "select setting from pg_config where name = 'BINDIR'")
        assert Path(row[0]).is_relative_to(ours if AS_ROOT else closed)
        assert ("programs were copied" in (server.notice or "")) is AS_ROOT
    copies = set(ours.glob("binaries-*"))
    start(new_home, bindir=bindir).stop()
    assert set(ours.glob("binaries-*")) == copies
    assert mode_of(closed) == 0o700


def test_an_ordinary_user_starts_in_a_home_of_their_own(open_folder: Path) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    interpreter, env, how = ordinary_python(open_folder)
    env["TMPDIR"] = str(home)
    if AS_ROOT:
        os.chown(home, how["user"], how["group"])
    with Owner(home, [str(interpreter)], env=env, cwd="/", **how) as owner:
        report = owner.report()
        assert report["owned"]
        assert report["data_folder"] == str(home / "postgres")
        assert (home / "postgres").stat().st_uid == home.stat().st_uid != 0
        assert run(report["dsn"], "select 1") == [(1,)]
        pid = pid_of(home / "postgres")
        owner.kill()
        wait_for(lambda: not is_running(pid))
