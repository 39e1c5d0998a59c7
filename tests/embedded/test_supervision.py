"""A supervised server comes back whatever ends it, until it is released."""

import logging
import os
import signal
import threading
from pathlib import Path

import psycopg
import pytest

from tenantry.embedded import supervision
from tenantry.embedded.server import EmbeddedError, EmbeddedServer, start
from tenantry.embedded.supervision import SupervisedServer, supervised
from tests.embedded.home_under_test import dsn_of, run, started
from tests.embedded.owners import Writers
from tests.support.processes import is_running, kill, pid_of, wait_for


def answers(dsn: str) -> bool:
    try:
        return run(dsn, "select 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def no_one_watches() -> bool:
    """Whether no supervisor is at work: what it would do, it has done."""
    return not any(thread.name == "supervisor" for thread in threading.enumerate())


def started_again(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """From now on, the homes whose server a supervisor wants to start again; none is."""
    wanted = list[Path]()

    def note(home: Path) -> EmbeddedServer:
        wanted.append(home)
        raise EmbeddedError("Not in this test.")

    monkeypatch.setattr(supervision, "start", note)
    return wanted


def test_it_is_back_at_its_address_after_each_kill_and_has_lost_nothing(home: Path) -> None:
    with supervised(home) as server:
        writers = Writers(dsn_of(server))
        for _ in range(2):
            kill(pid_of(server.data_folder))
            wait_for(lambda: answers(dsn_of(server)))
        assert writers.lost(server) == set()


def test_what_was_let_go_stays_away(home: Path) -> None:
    with supervised(home) as server:
        kill(pid_of(server.data_folder))
        wait_for(lambda: answers(dsn_of(server)))
        pid = pid_of(server.data_folder)
    assert not is_running(pid)
    assert not (server.data_folder / "postmaster.pid").exists()


def test_what_is_let_go_while_it_comes_back_does_not_stay(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails with a server that no one ends once an attempt does not look whether it came late."""
    coming, leaving, late = threading.Event(), threading.Event(), list[EmbeddedServer]()

    def slow(home: Path) -> EmbeddedServer:
        coming.set()
        assert leaving.wait(10)
        late.append(start(home))
        return late[-1]

    supervisor = SupervisedServer(home, leaving)
    monkeypatch.setattr(supervision, "start", slow)
    kill(pid_of(supervisor.server.data_folder))
    assert coming.wait(10)
    supervisor.stop()

    assert late[0].owned
    assert not answers(dsn_of(late[0]))


def test_it_is_tried_until_it_works_and_each_refusal_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refusals = [RuntimeError("can't start new thread"), EmbeddedError("The disk is full.")]

    def reluctant(home: Path) -> EmbeddedServer:
        if refusals:
            raise refusals.pop()
        return start(home)

    with supervised(home) as server, caplog.at_level(logging.WARNING, "tenantry.embedded"):
        monkeypatch.setattr(supervision, "start", reluctant)
        kill(pid_of(server.data_folder))
        wait_for(lambda: answers(dsn_of(server)))
    assert [record.getMessage() for record in caplog.records] == [
        "PostgreSQL ended unexpectedly and is being started again",
        "PostgreSQL cannot be started again yet: The disk is full.",
        "PostgreSQL cannot be started again yet",
    ]


def test_it_is_ours_again_once_another_who_was_quicker_has_ended(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails with a server that is gone for good if attaching does not check it: tried."""
    others = list[EmbeddedServer]()

    def beaten(home: Path) -> EmbeddedServer:
        if not others:
            others.append(start(home))
        return start(home)

    with supervised(home) as server:
        monkeypatch.setattr(supervision, "start", beaten)
        kill(pid_of(server.data_folder))
        wait_for(lambda: bool(others) and answers(dsn_of(server)))
        others[0].stop()
        wait_for(lambda: answers(dsn_of(server)))


def test_what_dies_again_and_again_is_not_started_without_a_pause(home: Path) -> None:
    pauses = list[float]()

    class Recording(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout or 0.0)
            return self.is_set()

    supervisor = SupervisedServer(home, Recording())
    for _ in range(3):
        kill(pid_of(supervisor.server.data_folder))
        wait_for(lambda: answers(dsn_of(supervisor.server)))
    supervisor.stop()

    assert pauses == [0.0, 0.2, pytest.approx(0.6)]


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_it_to_end_is_heard(
    home: Path, asked: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    with supervised(home) as server:
        wanted = started_again(monkeypatch)
        os.kill(pid_of(server.data_folder), asked)
        wait_for(no_one_watches)
    assert wanted == []


def test_the_server_of_another_is_left_to_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with started(home) as theirs, supervised(home) as server:
        wanted = started_again(monkeypatch)
        assert not server.owned
        wait_for(no_one_watches)
        theirs.stop()
        assert not server.ended_by_itself()
    assert wanted == []
