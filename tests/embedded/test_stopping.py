"""The embedded PostgreSQL stops when it is told to, and with the process that started it."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tenantry.embedded.server import EmbeddedServer, start
from tests.embedded.home_under_test import dsn_of, run, started
from tests.embedded.owners import Owner
from tests.support.processes import is_running, pid_of, wait_for


def test_stopping_twice_is_stopping_once(home: Path) -> None:
    server = start(home)
    pid = pid_of(server.data_folder)
    server.stop()
    assert not is_running(pid)
    server.stop()
    assert "database system is shut down" in (home / "postgres.log").read_text()


def test_a_stop_leaves_no_socket_folder(home: Path) -> None:
    with started(home) as server:
        (row,) = run(dsn_of(server), "select current_setting('unix_socket_directories')")
        sockets = Path(row[0].strip('"'))
        assert sockets.exists()
    assert not sockets.exists()


def test_the_server_ends_with_the_process_not_with_the_thread_that_started_it(home: Path) -> None:
    servers: list[EmbeddedServer] = []
    thread = threading.Thread(target=lambda: servers.append(start(home)))
    thread.start()
    thread.join()
    log = home / "postgres.log"
    os.kill(pid_of(servers[0].data_folder), signal.SIGHUP)
    wait_for(lambda: "received SIGHUP" in log.read_text())
    assert "shutdown request" not in log.read_text()  # which it would have noticed before
    assert run(dsn_of(servers[0]), "select 1") == [(1,)]
    servers[0].stop()


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(home: Path) -> None:
    with started(home) as server:
        pid = pid_of(server.data_folder)
        assert os.getsid(pid) == os.getpgid(pid) == pid


@pytest.mark.parametrize("ending", ["its end", "SIGTERM", "SIGINT"])
def test_the_server_ends_cleanly_with_its_owner(home: Path, ending: str) -> None:
    with Owner(home, stderr=subprocess.DEVNULL) as owner:
        pid = pid_of(Path(owner.report()["data_folder"]))
        if ending == "its end":
            assert owner.stdin is not None
            owner.stdin.close()
        else:
            owner.send_signal(signal.Signals[ending])
        wait_for(lambda: not is_running(pid))
    assert "database system is shut down" in (home / "postgres.log").read_text()
