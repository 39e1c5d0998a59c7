"""Whatever is killed, nothing that was acknowledged is lost, and the next start works."""

import signal
import time
from pathlib import Path

from tenantry.embedded.server import start
from tests.embedded.home_under_test import dsn_of, run, started, stranger_as_owner_of
from tests.embedded.owners import Owner, Writers
from tests.support.processes import kill, pid_of, wait_for


def test_kill_9_of_the_owner_loses_nothing_and_the_next_start_owns(home: Path) -> None:
    with Owner(home) as owner:
        writers = Writers(owner.report()["dsn"])
        owner.kill()
        owner.wait()  # PostgreSQL itself is still stopping then
        with started(home) as server:
            assert server.owned
            assert writers.lost(server) == set()


def test_kill_9_of_postgresql_loses_nothing_and_the_next_start_owns(home: Path) -> None:
    broken = start(home)
    writers = Writers(dsn_of(broken))
    kill(pid_of(broken.data_folder))
    with started(home) as server:
        assert server.owned
        assert writers.lost(server) == set()
        broken.stop()
        assert run(dsn_of(server), "select 1") == [(1,)]


def test_kill_9_of_both_at_once_loses_nothing(home: Path) -> None:
    with Owner(home) as owner:
        report = owner.report()
        writers = Writers(report["dsn"])
        owner.send_signal(signal.SIGSTOP)  # so that it cannot react to the first death
        kill(pid_of(Path(report["data_folder"])))
        owner.kill()
        owner.wait()
        with started(home) as server:
            assert writers.lost(server) == set()


def test_a_stale_pid_that_is_now_another_process_is_recovered(home: Path) -> None:
    server = start(home)
    run(dsn_of(server), "create table kept as select 42 as n")
    path = server.data_folder / "postmaster.pid"
    pid = pid_of(server.data_folder)
    kill(pid)
    with stranger_as_owner_of(server.data_folder, "sleep", "600") as stranger:
        path.write_text(path.read_text().replace(str(pid), str(stranger.pid), 1))
        with started(home) as again:
            assert run(dsn_of(again), "select n from kept") == [(42,)]
        assert stranger.poll() is None


def test_a_kill_while_the_data_are_made_leaves_nothing_half_made(new_home: Path) -> None:
    for delay in (0.0, 0.2, 0.5):
        with Owner(new_home) as owner:
            wait_for(lambda: any(new_home.glob("postgres.new-*")))
            time.sleep(delay)
            owner.kill()
        assert not (new_home / "postgres").exists()
    with started(new_home) as server:
        assert run(dsn_of(server), "select 1") == [(1,)]
        assert not any(new_home.glob("postgres.new-*"))
