"""Processes of PostgreSQL: what starts them, what they keep locked, how they end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

if sys.platform != "win32":
    import fcntl

# The program between us and PostgreSQL. It runs after the fork in an interpreter of its own, which
# is safe where this process has threads (a `preexec_fn` is not). The order matters: a change of
# user clears the death signal, and a parent that died before the signal was set sends none.
_LAUNCH = """
import ctypes, os, signal, sys
owner, uid, gid, *command = sys.argv[1:]
if os.geteuid() != int(uid):
    try:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    except OSError as error:
        sys.exit(f"error: cannot become another user: {error.strerror}")
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
if os.getppid() != int(owner):
    sys.exit("error: the owner is gone")
os.execve(command[0], command, {"LC_ALL": "C", "PATH": os.defpath})
"""

_FAST = 60.0
_IMMEDIATE = 10.0


class Account(NamedTuple):
    """The user that PostgreSQL runs as; never root, which it refuses."""

    uid: int
    gid: int


class Lock:
    """An exclusive lock on a file, free again when the last process that holds it is gone.

    A child that inherits it holds it too, and so do the child's children: unlike a number in a
    pid file it cannot be mistaken for someone else.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )

    def take(self) -> bool:
        """Whether the lock is ours now; never waits."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @property
    def descriptor(self) -> int:
        if self._descriptor is None:
            raise ValueError("this lock was let go")
        return self._descriptor

    def let_go(self) -> None:
        """Give up our hold; heirs keep theirs. May be called again."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


class Launch(NamedTuple):
    """An absolute command, the account it runs as, where its output goes, the lock it inherits."""

    command: Sequence[str]
    account: Account
    output: int
    keeps: Lock


class Child:
    """A process of PostgreSQL that ends cleanly with this one, whatever ends this one (Linux).

    It has a session of its own, so Ctrl-C in the terminal does not reach it.
    """

    def __init__(self, launch: Launch, then: Callable[[], None] = lambda: None) -> None:
        """Start it; `then` runs once when it has ended, for any reason."""
        self._over = threading.Event()
        self._then = then
        started: Future[_Process] = Future()
        # Linux sends the death signal when the *thread* that forked ends. So a thread of its own
        # forks, and stays until the child is gone; it also notices an unexpected end.
        threading.Thread(
            target=self._live, args=(launch, started), name="embedded-postgresql", daemon=True
        ).start()
        self._process = started.result()

    def _live(self, launch: Launch, started: "Future[_Process]") -> None:
        try:
            process = _Process(launch)
        except BaseException as error:
            started.set_exception(error)
            return
        started.set_result(process)
        process.wait()
        try:
            self._then()
        finally:
            self._over.set()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.returncode if self._over.is_set() else None

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended, after waiting so long for it at most."""
        return self._over.wait(seconds)

    def stop(self) -> None:
        """End it and wait: shut down fast, then immediately (recovery follows), then SIGKILL."""
        for sign, seconds in ((signal.SIGINT, _FAST), (signal.SIGQUIT, _IMMEDIATE)):
            if self._over.is_set():
                return
            self._process.send_signal(sign)
            if self.wait(seconds):
                return
        self._process.kill()
        self.wait()


class _Process(subprocess.Popen[bytes]):
    def __init__(self, launch: Launch) -> None:
        account = launch.account
        super().__init__(
            [sys.executable, "-I", "-S", "-c", _LAUNCH]
            + [str(number) for number in (os.getpid(), account.uid, account.gid)]
            + list(launch.command),
            cwd="/",  # ours may be closed to the account, and PostgreSQL wants to know where it is
            stdin=subprocess.DEVNULL,
            stdout=launch.output,
            stderr=launch.output,
            start_new_session=True,
            pass_fds=(launch.keeps.descriptor,),
        )


class Question(subprocess.Popen[str]):
    """A program asked for a line of text about itself, such as its version."""

    def __init__(self, *command: str) -> None:
        super().__init__(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )


def ask(*command: str) -> str | None:
    """What a program prints; None where it is missing, fails or takes longer than 10 seconds."""
    try:
        with Question(*command) as question:
            try:
                answer, _ = question.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                question.kill()
                return None
    except OSError:
        return None
    return answer.strip() if question.returncode == 0 else None
