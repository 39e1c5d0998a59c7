"""A supervised server: whoever ends it, it comes back, until it is let go."""

import logging
import os
import signal
import threading
from pathlib import Path

import psycopg
import pytest

from tenantry.database.embedded import supervision
from tenantry.database.embedded.server import EmbeddedError, EmbeddedServer, start
from tenantry.database.embedded.supervision import supervised
from tests.database.embedded.homes import dsn_of, run, started
from tests.database.embedded.owners import Writers
from tests.processes import is_running, kill, pid_of, wait_for


def answers(dsn: str) -> bool:
    try:
        return run(dsn, "select 1") == [(1,)]
    except psycopg.OperationalError:
        return False


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
    """Fails with a server that nobody ends once an attempt does not look whether it came late."""
    coming, late = threading.Event(), list[EmbeddedServer]()

    def slow(home: Path) -> EmbeddedServer:
        coming.set()
        if not supervisor._leaving.wait(10):  # type: ignore[reportPrivateUsage]
            raise AssertionError
        late.append(start(home))
        return late[-1]

    supervisor = supervision._Supervisor(home)  # type: ignore[reportPrivateUsage]
    monkeypatch.setattr(supervision, "start", slow)
    kill(pid_of(supervisor.server.data_folder))
    assert coming.wait(10)
    supervisor.stop()

    assert late[0].owned
    assert not answers(dsn_of(late[0]))


def test_it_is_tried_until_it_works_and_each_refusal_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refusals = ["The disk is full.", "The disk is full."]

    def reluctant(home: Path) -> EmbeddedServer:
        if refusals:
            raise EmbeddedError(refusals.pop())
        return start(home)

    monkeypatch.setattr(supervision, "_PAUSE", 0.01)
    with supervised(home) as server, caplog.at_level(logging.WARNING, "tenantry.database"):
        monkeypatch.setattr(supervision, "start", reluctant)
        kill(pid_of(server.data_folder))
        wait_for(lambda: answers(dsn_of(server)))
    assert [record.getMessage() for record in caplog.records] == [
        "PostgreSQL has ended, and nobody asked it to: it is started again",
        "PostgreSQL cannot be started again yet: The disk is full.",
        "PostgreSQL cannot be started again yet: The disk is full.",
    ]


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_it_to_end_is_heard(home: Path, asked: signal.Signals) -> None:
    with supervised(home) as server:
        os.kill(pid_of(server.data_folder), asked)
        assert not server.ended_by_itself()
        assert not answers(dsn_of(server))


def test_the_server_of_another_is_left_to_them(home: Path) -> None:
    with started(home) as theirs, supervised(home) as server:
        assert not server.owned
        theirs.stop()
        assert not server.ended_by_itself()
        assert not answers(dsn_of(server))
