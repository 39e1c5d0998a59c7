"""Whom a start waits for, how long, and how what does not end is ended."""

import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tenantry.embedded import owner, process, server
from tenantry.embedded.process import Account, Child, Launch, Lock
from tests.embedded.home_under_test import dsn_of, refusal, run, started
from tests.support.processes import is_running, pid_of, wait_for

SHORT = 0.2
"""Seconds, instead of ten and more."""

OBSTINATE = """
import signal, sys, time
for name in ("SIGINT", "SIGQUIT"):  # a shell's background would have both ignored
    ignored = name in sys.argv[2:]
    signal.signal(signal.Signals[name], signal.SIG_IGN if ignored else signal.SIG_DFL)
open(sys.argv[1], "w").close()
time.sleep(600)
"""


@pytest.fixture
def lock(open_folder: Path) -> Generator[Lock]:
    lock = Lock(open_folder / "some.lock")
    yield lock
    lock.let_go()


def test_a_lock_that_was_let_go_is_free_and_of_no_more_use(open_folder: Path, lock: Lock) -> None:
    other = Lock(open_folder / "some.lock")
    assert lock.take()
    assert not other.take()
    lock.let_go()
    lock.let_go()
    assert other.take()
    other.let_go()
    with pytest.raises(ValueError, match="was let go"):
        lock.take()


def test_a_home_that_somebody_holds_without_a_server_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_PATIENCE", SHORT)
    holder = Lock(home / "postgres.lock")
    assert holder.take()
    assert f"Another process holds {home}" in refusal(home)
    holder.let_go()
    with started(home) as ours:
        assert ours.owned


def test_an_earlier_server_that_does_not_end_is_told_of(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, "_EXIT_SECONDS", SHORT)
    remains = Lock(home / "postgres.alive")
    assert remains.take()
    assert "does not end" in refusal(home)
    remains.let_go()
    with started(home) as ours:
        assert ours.owned


def test_a_server_that_does_not_get_ready_is_ended_and_told_of(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(owner, "_RECOVERY", -1.0)
        message = refusal(home)
    assert "did not get ready" in message
    assert str(home / "postgres.log") in message
    assert not (home / "postgres/postmaster.pid").exists()
    with started(home) as ours:
        assert run(dsn_of(ours), "select 1") == [(1,)]


def test_a_pid_file_that_was_half_written_stops_no_start(home: Path) -> None:
    (home / "postgres/postmaster.pid").write_text("")
    with started(home) as ours:
        assert is_running(pid_of(ours.data_folder))


@pytest.mark.parametrize(
    ("ignored", "ended_by"),
    [
        ((), signal.SIGINT),
        (("SIGINT",), signal.SIGQUIT),
        (("SIGINT", "SIGQUIT"), signal.SIGKILL),
    ],
)
def test_a_child_is_ended_politely_and_by_force_if_need_be(
    open_folder: Path,
    lock: Lock,
    monkeypatch: pytest.MonkeyPatch,
    ignored: tuple[str, ...],
    ended_by: signal.Signals,
) -> None:
    monkeypatch.setattr(process, "_FAST", SHORT if ignored else 20)
    monkeypatch.setattr(process, "_IMMEDIATE", SHORT if len(ignored) == 2 else 20)
    ended = list[int]()
    ready = open_folder / "ready"
    command = [sys.executable, "-c", OBSTINATE, str(ready), *ignored]
    child = launched(command, lock, ended)
    wait_for(ready.exists)
    assert child.code is None
    child.stop()
    assert child.code == -ended_by
    assert ended == [1]
    child.stop()
    assert ended == [1]


def test_a_child_is_not_started_under_a_lock_that_was_let_go(lock: Lock) -> None:
    """It would keep nothing, and the next start would think that it is gone."""
    lock.let_go()
    ended = list[int]()
    with pytest.raises(ValueError, match="was let go"):
        launched([sys.executable, "-c", ""], lock, ended)
    assert ended == []


def launched(command: list[str], lock: Lock, ended: list[int]) -> Child:
    output = os.open(os.devnull, os.O_WRONLY)
    try:
        return Child(Launch(command, myself(), output, lock), then=lambda: ended.append(1))
    finally:
        os.close(output)


def myself() -> Account:
    return Account(os.geteuid(), os.getegid())
