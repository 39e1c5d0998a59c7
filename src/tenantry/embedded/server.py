"""The embedded server, as those who use it see it.

One process owns the server of a home, by a lock that ends with that process; every other start on
the same home attaches. Why so, and what was measured: docs/adr/0003-embedded-postgresql.md.
"""

import atexit
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from tenantry.embedded import cluster
from tenantry.embedded.binaries import version_of
from tenantry.embedded.errors import OTHERWISE, EmbeddedError, EmbeddedNotYet, from_system
from tenantry.embedded.names import HOME
from tenantry.embedded.owner import PORT, TICK, Owner
from tenantry.embedded.placement import DataLocation, settle
from tenantry.embedded.process import Child, Lock

__all__ = ["EmbeddedError", "EmbeddedNotYet", "EmbeddedServer", "start"]

_PATIENCE = 60.0
"""Seconds to wait for another process that is starting or stopping a server on the same home."""


class EmbeddedServer:
    """A running PostgreSQL of our own, or one that another process of ours owns."""

    def __init__(
        self, place: DataLocation, sockets: Path, version: str, child: Child | None
    ) -> None:
        self.data_folder = place.data_folder
        self.version = version
        self.notice = place.notice
        self.owned = child is not None
        self._sockets = sockets
        self._child = child
        self._starter = os.getpid()
        self._stopped = False
        if self.owned:
            atexit.register(self.stop)

    def dsn(self, user: str, dbname: str) -> str:
        """A connection string for libpq, over the socket and without a password."""
        parts = {"host": str(self._sockets), "port": PORT, "user": user, "dbname": dbname}
        return " ".join(f"{name}={_quoted(str(value))}" for name, value in parts.items())

    def stop(self) -> None:
        """End the server and wait for it; nothing where it is another's, or stopped already."""
        atexit.unregister(self.stop)
        self._stopped = True
        if self._child is not None and os.getpid() == self._starter:
            self._child.stop()

    def ended_by_itself(self) -> bool:
        """Wait until the server has ended; whether that was unexpected.

        It ends with 0 if we stopped it, or a signal such as a service manager sends to all at once.

        False at once for another process's server, whose end is not noticed here.
        """
        if self._child is None:
            return False
        self._child.wait()
        atexit.unregister(self.stop)
        return not self._stopped and self._child.code != 0


def start(home: Path, *, bindir: Path | None = None) -> EmbeddedServer:
    """Start the PostgreSQL of this home, made where there is none, or attach to the running one.

    Returns once it takes connections. It ends with this process, however that ends (Linux;
    elsewhere the server of a killed owner is ended by the next start). Raises EmbeddedError.
    """
    if sys.platform == "win32":
        raise EmbeddedError(
            "The embedded PostgreSQL does not run on Windows. "
            "Set DATABASE_URL to a PostgreSQL, or start within WSL."
        )
    home = home.expanduser().absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        home = home.resolve()
        return _attach_or_own(home, settle(home), bindir)
    except OSError as error:
        raise from_system(error, home) from error


def _attach_or_own(home: Path, place: DataLocation, bindir: Path | None) -> EmbeddedServer:
    with ExitStack() as unless_owned:
        lock = Lock(home / "postgres.lock")
        unless_owned.callback(lock.let_go)
        deadline = time.monotonic() + _PATIENCE
        while not lock.take():
            if server := _attached(place):
                return server
            if time.monotonic() > deadline:
                raise EmbeddedNotYet(
                    f"Another process holds {home}, and its PostgreSQL does not get ready. "
                    f"End that process, set {HOME} to another folder, {OTHERWISE}."
                )
            time.sleep(TICK)
        owner = Owner(home, place, lock)
        child = owner.launch(bindir)
        unless_owned.pop_all()
        return EmbeddedServer(owner.place, owner.sockets, owner.version, child)


def _attached(place: DataLocation) -> EmbeddedServer | None:
    notes = cluster.notes(place.data_folder)
    if notes is None or not notes.ready:
        return None
    version = version_of(cluster.program_of(place.data_folder).parent) or "unknown"
    return EmbeddedServer(place, notes.socket.parent, version, None)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", r"\\").replace("'", r"\'") + "'"
