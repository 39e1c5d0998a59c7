"""`tenantry serve --workers 2`: who supervises the workers, and what the log says of them."""

import json
import os
import signal
import socket
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest

from tenantry import __version__
from tests.cli.commands import Running, running, starting
from tests.cli.production import REFUSED, whole
from tests.faults.kills import workers_of
from tests.support.postgres import TestPostgres
from tests.support.processes import is_running, kill, wait_for

FROZEN_SECONDS = 8
"""Longer than uvicorn's supervisor waits for a sign of life; ours does not ask for one."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def service(postgres: TestPostgres, log: Path) -> Generator[Running]:
    """Two workers, ready."""
    settings = whole(postgres.connections.service)
    with running("serve", "--workers=2", settings=settings, log=log) as started:
        wait_for(lambda: told(log).count("is ready") == 2)
        yield started


def told(log: Path) -> str:
    """All messages so far, a line each."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return "\n".join(line["message"] for line in lines if line["logger"] != "tenantry.requests")


def is_free(port: int) -> bool:
    """Whether somebody else could serve there now."""
    with suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False


def test_workers_that_are_slow_to_start_are_waited_for(postgres: TestPostgres, log: Path) -> None:
    settings = whole(postgres.connections.service)
    with starting("serve", "--workers=2", settings=settings, log=log) as service:
        wait_for(lambda: len(workers_of(service)) == 2)
        slow = workers_of(service)
        for pid in slow:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(FROZEN_SECONDS)
        for pid in slow:
            os.kill(pid, signal.SIGCONT)
        wait_for(lambda: told(log).count("is ready") == 2)
        assert workers_of(service) == slow
        assert service.is_ready
    assert "unexpectedly" not in told(log)


def test_the_log_tells_who_has_died_of_what_and_who_has_come(service: Running, log: Path) -> None:
    first, second = workers_of(service)
    kill(first)
    wait_for(lambda: told(log).count("is ready") == 3)
    os.kill(second, signal.SIGTERM)
    wait_for(lambda: told(log).count("is ready") == 4)
    assert f"worker {first} exited unexpectedly: it was killed by SIGKILL (out of memory?)" in told(
        log
    )
    assert f"worker {second} exited unexpectedly: it exited with status 0" in told(log)
    for pid in workers_of(service):
        assert f"worker {pid} is ready" in told(log)


def test_workers_end_with_their_supervisor_however_it_ends(service: Running, log: Path) -> None:
    workers = workers_of(service)
    service.process.kill()
    service.process.wait()
    for pid in workers:
        wait_for(lambda pid=pid: not is_running(pid))
    assert is_free(service.port)


def test_hangup_replaces_all_workers_and_no_request_is_lost(service: Running, log: Path) -> None:
    before, enough = workers_of(service), Event()

    def ask() -> list[int]:
        statuses = list[int]()
        while not enough.is_set():
            statuses.append(service.get("/healthz").status_code)
        return statuses

    with ThreadPoolExecutor(1) as callers:
        asked = callers.submit(ask)
        service.process.send_signal(signal.SIGHUP)
        wait_for(lambda: told(log).count("has exited") == 2)
        enough.set()
        assert set(asked.result()) == {200}
    assert "received SIGHUP: replacing all workers" in told(log)
    assert len(workers_of(service)) == 2
    assert not set(before) & set(workers_of(service))


@pytest.mark.parametrize(("why", "status"), [("refused", REFUSED), ("died", 1)])
def test_workers_that_cannot_be_started_end_the_service_and_close_the_port(
    why: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    with starting(why, settings={}, module="tests.cli.supervisor_process") as supervisor:
        _, said = supervisor.process.communicate()
        assert supervisor.process.returncode == status
    assert "workers cannot be started: giving up" in said
    if why == "died":
        assert said.count("exited unexpectedly: it exited with status 7") == 5
    assert is_free(supervisor.port)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_log_begins_and_ends_with_the_version(
    postgres: TestPostgres, log: Path, workers: int
) -> None:
    settings = whole(postgres.connections.service)
    with running("serve", f"--workers={workers}", settings=settings, log=log) as service:
        assert service.end(signal.SIGTERM) == 0
    first, *_, last = told(log).splitlines()
    assert first == (
        f"Tenantry {__version__} starts on 127.0.0.1 port {service.port}, workers: {workers}"
    )
    assert last == f"Tenantry {__version__} has stopped"
