"""The server of a home, started again whenever it ends though nobody asked it to."""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tenantry.database.embedded.errors import EmbeddedError
from tenantry.database.embedded.server import EmbeddedServer, start

log = logging.getLogger("tenantry.database")

_PAUSE = 1.0
"""Seconds between two attempts to start it again."""

_LEAVE = 10.0
"""Seconds to wait for an attempt that is under way; what it starts later ends with this process."""


@contextmanager
def supervised(home: Path) -> Generator[EmbeddedServer]:
    """A running server until the context ends. EmbeddedError where it cannot be started at first.

    What was killed, by hand or for want of memory, is back at the same address once it has
    recovered; until then nobody can connect. Another process's server is that one's to look after.
    """
    supervisor = _Supervisor(home)
    try:
        yield supervisor.server
    finally:
        supervisor.stop()


class _Supervisor:
    def __init__(self, home: Path) -> None:
        self.server = start(home)
        self._home = home
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._leaving.set()
        self.server.stop()
        self._thread.join(_LEAVE)

    def _watch(self) -> None:
        while self.server.ended_by_itself():
            log.warning("PostgreSQL has ended, and nobody asked it to: it is started again")
            while not self._leaving.is_set() and not self._started():
                self._leaving.wait(_PAUSE)

    def _started(self) -> bool:
        try:
            self.server = start(self._home)
        except EmbeddedError as refused:
            log.warning("PostgreSQL cannot be started again yet: %s", refused)
            return False
        if self._leaving.is_set():
            self.server.stop()
        return True
