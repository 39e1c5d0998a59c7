"""The service is killed while it is at work, and a new one comes in its place."""

import signal

from tests.cli.commands import Running
from tests.faults.environment import Stage
from tests.faults.journal import Outcome
from tests.support.processes import CEILING, children_of, kill, wait_for


def kill_under_load(made: Stage, *, calls: int) -> None:
    """Start it, let so many calls through, and kill -9 it in the middle of what it does."""
    with made.serving() as service:
        wanted = made.journal.count(Outcome.ACKNOWLEDGED) + calls
        with made.calling(service.url):
            wait_for(lambda: made.journal.count(Outcome.ACKNOWLEDGED) >= wanted)
            service.process.send_signal(signal.SIGKILL)
            service.process.wait(CEILING)


def kill_a_worker(service: Running) -> int:
    """Kill -9 one of the processes that answer; its number."""
    workers = workers_of(service)
    kill(workers[-1])
    return workers[-1]


def workers_of(service: Running) -> list[int]:
    """The processes that answer requests; other child processes do not count."""
    return [pid for pid in children_of(service.process.pid) if _answers(pid)]


def _answers(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return b"\0worker\0" in file.read()
    except (FileNotFoundError, ProcessLookupError):  # it ended while it was looked at
        return False


def terminate_under_load(service: Running, made: Stage, *, calls: int) -> None:
    """SIGTERM in the middle of calls; back when it has ended."""
    with made.calling(service.url):
        wanted = made.journal.count(Outcome.ACKNOWLEDGED) + calls
        wait_for(lambda: made.journal.count(Outcome.ACKNOWLEDGED) >= wanted)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(CEILING) == 0
