"""The supervisor of worker processes. Why it is our own: docs/adr/0026-a-supervisor-of-our-own.md.

Each worker holds one end of a socket pair. It writes a byte when it is ready, and either side sees
the pair close when the other process is gone. A silent worker is not pinged: it may be starting, or
lack CPU, and replacing it would only take more of what is scarce.
"""

import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from selectors import EVENT_READ, DefaultSelector
from types import FrameType

log = logging.getLogger("tenantry.workers")

MOST_EARLY_EXITS = 5
"""The supervisor gives up after so many in a row with no worker serving."""

_EARLY_SECONDS = 10.0
"""An exit within this time after a worker became ready counts as early."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 30.0
"""Seconds before the next start after an early exit; doubled with each one."""

_EXIT_SECONDS = 25.0
"""Seconds that a worker has to exit; requests have 20."""

FINAL_STATUSES = (2, 75)
"""Statuses with which a worker refuses to start, as the command itself would."""


class WorkerProcess(subprocess.Popen[bytes]):
    """A process that serves on the socket; it exits by itself when this process does."""

    def __init__(self, bound: socket.socket) -> None:
        self.ready_at: float | None = None
        self.retired = False
        self.line, theirs = socket.socketpair()
        with theirs:
            inherited = (bound.fileno(), theirs.fileno())
            super().__init__(
                [sys.executable, "-P", "-m", "tenantry", "worker", *map(str, inherited)],
                stdin=subprocess.DEVNULL,
                pass_fds=inherited,
            )

    def retire(self) -> None:
        self.retired = True
        self.terminate()

    def ended(self, seconds: float | None = None) -> int:
        """Wait for its exit; the status, negative for a signal. Killed if it takes longer."""
        try:
            return self.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("worker %d does not exit and is killed", self.pid)
            self.kill()
            return self.wait()
        finally:
            self.line.close()


class Supervisor:
    """Keeps so many workers on one socket, until SIGTERM or SIGINT. SIGHUP replaces each with a new
    one, which has to be ready before the old one is stopped."""

    def __init__(
        self, bound: socket.socket, count: int, on_restart: Callable[[], None] = lambda: None
    ) -> None:
        self._bound = bound
        self._count = count
        self._on_restart = on_restart
        self._workers: list[WorkerProcess] = []
        self._outdated: list[WorkerProcess] = []
        self._due: list[float] = []
        self._early_exits = 0
        self._status: int | None = None
        self._selector = DefaultSelector()

    def run(self) -> int:
        """Serve until stopped; the exit status, 0 unless workers could not be started."""
        self._receive_signals()
        for _ in range(self._count):
            self._start()
        while self._status is None:
            for key, _ in self._selector.select(self._pause()):
                key.data()
            while self._due and self._due[0] <= time.monotonic():
                self._due.pop(0)
                self._start()
        self._end()
        return self._status

    def _receive_signals(self) -> None:
        """Read signals from a socket, because a handler would run between any two steps."""
        reader, writing = socket.socketpair()
        writing.setblocking(False)
        signal.set_wakeup_fd(writing.fileno())
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _read_later)
        self._wakeups = (reader, writing)
        self._selector.register(reader, EVENT_READ, self._signalled)

    def _signalled(self) -> None:
        for number in self._wakeups[0].recv(64):
            if number == signal.SIGHUP:
                self._replace_all()
            elif number in (signal.SIGTERM, signal.SIGINT):
                log.info("stopping: received %s", signal.Signals(number).name)
                self._status = 0

    def _replace_all(self) -> None:
        if not self._outdated:
            log.info("received SIGHUP: replacing all workers, one after the other")
            self._outdated = [each for each in self._workers if not each.retired]
            self._start()

    def _start(self) -> None:
        worker = WorkerProcess(self._bound)
        self._workers.append(worker)
        self._selector.register(worker.line, EVENT_READ, lambda: self._heard(worker))
        log.info("worker %d is starting", worker.pid)

    def _pause(self) -> float | None:
        return max(0.0, self._due[0] - time.monotonic()) if self._due else None

    def _heard(self, worker: WorkerProcess) -> None:
        try:
            is_ready = bool(worker.line.recv(1))
        except ConnectionError:
            is_ready = False
        if not is_ready:
            self._handle_exit(worker)
            return
        worker.ready_at = time.monotonic()
        log.info("worker %d is ready", worker.pid)
        if self._outdated:
            self._outdated.pop(0).retire()
            if self._outdated:
                self._start()

    def _handle_exit(self, worker: WorkerProcess) -> None:
        self._selector.unregister(worker.line)
        self._workers.remove(worker)
        status = worker.ended()
        if worker.retired:
            log.info("worker %d has exited", worker.pid)
            return
        log.error("worker %d exited unexpectedly: it %s", worker.pid, _describe_exit(status))
        lived = 0.0 if worker.ready_at is None else time.monotonic() - worker.ready_at
        self._early_exits = self._early_exits + 1 if lived < _EARLY_SECONDS else 0
        if worker in self._outdated:
            self._outdated.remove(worker)
        if len([each for each in self._workers if not each.retired]) >= self._count:
            log.error("keeping the old workers: a replacement could not be started")
            self._outdated.clear()
        elif self._is_hopeless(status):
            log.critical("workers cannot be started: giving up")
            self._status = status if status in FINAL_STATUSES else 1
        else:
            self._start_again()

    def _is_hopeless(self, status: int) -> bool:
        serves = any(each.ready_at is not None for each in self._workers)
        return not serves and (status in FINAL_STATUSES or self._early_exits >= MOST_EARLY_EXITS)

    def _start_again(self) -> None:
        pause = 0.0
        if self._early_exits:
            pause = min(_FIRST_PAUSE * 2 ** (self._early_exits - 1), _LONGEST_PAUSE)
        self._due = sorted([*self._due, time.monotonic() + pause])
        self._on_restart()
        log.info("starting another worker in %.2f seconds", pause)

    def _end(self) -> None:
        """Accept nothing new, and let every worker finish its requests."""
        self._bound.close()
        for worker in self._workers:
            worker.retire()
        deadline = time.monotonic() + _EXIT_SECONDS
        for worker in self._workers:
            worker.ended(max(0.0, deadline - time.monotonic()))
        signal.set_wakeup_fd(-1)
        for end in self._wakeups:
            end.close()
        self._selector.close()


def _read_later(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the signal's number is written to the wake-up socket anyway."""


def _describe_exit(status: int) -> str:
    if status >= 0:
        return f"exited with status {status}"
    number = -status
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    return f"was killed by {name}" + (" (out of memory?)" if number == signal.SIGKILL else "")
