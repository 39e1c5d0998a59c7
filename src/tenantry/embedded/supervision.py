"""The server of a home, restarted whenever it ends unexpectedly."""

import logging
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tenantry.embedded.errors import EmbeddedError
from tenantry.embedded.server import EmbeddedServer, start

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 10.0
"""Seconds between two attempts to start it again; the first follows at once, the next soon."""

_SHORT_LIFE = 10.0
"""Who ends within so many seconds of its start is not started again at once."""

_LEAVE = 10.0
"""Seconds to wait for an attempt that is under way; what it starts later ends with this process."""


@contextmanager
def supervised(home: Path) -> Generator[EmbeddedServer]:
    """A running server until the context ends. EmbeddedError where it cannot be started at first.

    What was killed, by hand or for want of memory, is back at the same address once it has
    recovered; until then no one can connect. Another process's server is that one's to look after.
    """
    supervisor = SupervisedServer(home, threading.Event())
    try:
        yield supervisor.server
    finally:
        supervisor.stop()


class SupervisedServer:
    """A server and the thread that looks after it, until `leaving` is set and it is stopped."""

    def __init__(self, home: Path, leaving: threading.Event) -> None:
        self.server = start(home)
        self._home = home
        self._leaving = leaving
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the server for good, also one that is just coming back."""
        self._leaving.set()
        self.server.stop()
        self._thread.join(_LEAVE)

    def _watch(self) -> None:
        pause, since = 0.0, time.monotonic()
        while self.server.ended_by_itself() and not self._leaving.is_set():
            log.warning("PostgreSQL ended unexpectedly and is being started again")
            if time.monotonic() - since > _SHORT_LIFE:
                pause = 0.0
            while not self._leaving.wait(pause):
                pause = min(2 * pause + 0.2, _LONGEST_PAUSE)
                if self._is_ours_again():
                    break
            since = time.monotonic()

    def _is_ours_again(self) -> bool:
        """Try to start it. Where another process was quicker, its server serves us as well, and is
        not ours: we would not learn of its end, so we keep trying."""
        try:
            self.server = start(self._home)
        except EmbeddedError as refused:
            log.warning("PostgreSQL cannot be started again yet: %s", refused)
            return False
        except Exception:
            # Such as no room for a thread. Whatever it is, it must not be the last attempt.
            log.exception("PostgreSQL cannot be started again yet")
            return False
        if self._leaving.is_set():
            self.server.stop()
        return self.server.owned
