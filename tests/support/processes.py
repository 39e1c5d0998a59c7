"""Processes of the operating system, and what they share: folders and ports."""

import os
import secrets
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

CEILING = 300.0
"""Seconds after which a test gives up on what never comes, on the slowest machine: what a test
promises is told by the order of events, by counts, or by a clock of its own, and never by this."""

_PROC = Path("/proc")
"""Where Linux lists its processes; other systems have nothing like it."""


def is_running(pid: int) -> bool:
    """Whether a process lives; one that is dead and not yet buried by its parent does not."""
    with suppress(ProcessLookupError, FileNotFoundError):  # the second: buried while we look
        os.kill(pid, 0)
        return not _PROC.exists() or ") Z" not in (_PROC / str(pid) / "stat").read_text()
    return False


def kill(pid: int) -> None:
    """Kill -9, and wait until the process is dead."""
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_running(pid))


def pid_of(data_folder: Path) -> int:
    """The PostgreSQL that uses these data, or used them last and could not tidy up."""
    return int((data_folder / "postmaster.pid").read_text().splitlines()[0])


def wait_for(
    condition: Callable[[], bool], seconds: float = CEILING, *, pause: float = 0.005
) -> None:
    """Return once it has come to pass; between two looks there is a pause."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(pause)


@contextmanager
def open_folder() -> Generator[Path]:
    """A folder that everybody may pass through, which pytest's own are not: there, root's
    PostgreSQL would have to keep its data elsewhere, and they would stay behind."""
    with tempfile.TemporaryDirectory(prefix="house-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def free_port() -> int:
    """A port of loopback that no one uses, and that no other worker of this run will pick."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        # Below those that systems hand out by themselves, so that no caller takes it meanwhile.
        port = 10_000 + 1_000 * (worker % 20) + secrets.randbelow(1_000)
        with suppress(OSError), socket.socket() as taken:
            taken.bind(("127.0.0.1", port))
            return port


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, the oldest first (Linux)."""
    text = (_PROC / str(pid) / "task" / str(pid) / "children").read_text()
    return [int(child) for child in text.split()]
