"""What the one owner of a home does to bring its server up."""

import os
import shutil
import signal
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from tenantry.embedded import cluster
from tenantry.embedded.binaries import find_bindir, version_of
from tenantry.embedded.errors import OTHERWISE, EmbeddedNotYet, from_program
from tenantry.embedded.log import Log
from tenantry.embedded.names import NAME
from tenantry.embedded.ownership import give, require_owner
from tenantry.embedded.placement import DataLocation, reachable, socket_folder
from tenantry.embedded.process import Child, Launch, Lock

PORT = 5432
"""Part of the socket's name, no more: nothing listens on a network."""

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "cluster_name": NAME,
}
"""For a small machine of a developer. Given at every start, so that old data take up new ones."""

TICK = 0.005
"""Seconds between two looks at what another process does."""

_EXIT_SECONDS = 60.0
"""Seconds that an earlier server on the same data may take to end."""

_RECOVERY = 300.0
"""Seconds to get ready in, which after a crash means to replay the write-ahead log."""


class Owner:
    """Holds the lock of a home, so no other process prepares, starts or recovers its data."""

    version: str
    """Of the programs, such as "18.4"; known after the launch, like the next."""
    sockets: Path
    """The folder of the server's socket."""

    _bindir: Path
    _alive: Lock
    _log: Log

    def __init__(self, home: Path, place: DataLocation, lock: Lock) -> None:
        self.place = place
        self._home = home
        self._lock = lock

    def launch(self, bindir: Path | None) -> Child:
        """Start the server and return once it is ready; the lock is let go when it ends."""
        with ExitStack() as afterwards:
            self._alive = Lock(self._home / "postgres.alive")
            afterwards.callback(self._alive.let_go)  # our hold; the server keeps its own
            self._log = Log(self._home / "postgres.log")
            afterwards.callback(self._log.close)
            self._await_exit_of_the_last()
            self._find_programs(bindir)
            self._prepare_data()
            self.sockets = socket_folder(self._home, self.place.account)
            child = Child(self._launch_of(self._command()), then=self._tidy_up)
            self._await_ready(child)
            return child

    def _await_exit_of_the_last(self) -> None:
        """Wait until every process of an earlier server is gone."""
        deadline = time.monotonic() + _EXIT_SECONDS
        while not self._alive.take():
            notes = cluster.notes(self.place.data_folder)
            if notes is not None and notes.ready:
                # Its owner is gone, or the lock would not be ours. On Linux it knows by itself.
                with suppress(ProcessLookupError):
                    os.kill(notes.pid, signal.SIGINT)
            if time.monotonic() > deadline:
                raise EmbeddedNotYet(
                    f"An earlier PostgreSQL on {self.place.data_folder} does not end. "
                    f"End its processes (they are named postgres), {OTHERWISE}."
                )
            time.sleep(TICK)

    def _find_programs(self, bindir: Path | None) -> None:
        found = find_bindir(self.place.data_folder, bindir)
        self.version = version_of(found) or "unknown"
        self._bindir, notification = reachable(found, self.place.account)
        self.place = self.place.with_notice(notification)

    def _prepare_data(self) -> None:
        data_folder, account = self.place.data_folder, self.place.account
        cluster.require_usable(data_folder)
        if not (data_folder / "PG_VERSION").exists():
            command = cluster.initdb(self._bindir, self.version)
            cluster.create(data_folder, self._launch_of(command), self._log)
        require_owner(data_folder, account)
        give(data_folder, account)
        cluster.forget_the_dead(data_folder)

    def _launch_of(self, command: list[str]) -> Launch:
        return Launch(command, self.place.account, self._log.descriptor, self._alive)

    def _command(self) -> list[str]:
        settings = SETTINGS | {"unix_socket_directories": f'"{self.sockets}"'}
        command = [str(self._bindir / "postgres"), "-D", str(self.place.data_folder)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _await_ready(self, child: Child) -> None:
        deadline = time.monotonic() + _RECOVERY
        with ExitStack() as unless_ready:
            unless_ready.callback(child.stop)
            while not self._is_ready(child):
                if child.wait(TICK):
                    raise from_program("PostgreSQL", self._log.said(), self._log.path)
                if time.monotonic() > deadline:
                    raise EmbeddedNotYet(
                        f"PostgreSQL did not get ready in {_RECOVERY:.0f} seconds. Read why in "
                        f"{self._log.path} and start again, {OTHERWISE}."
                    )
            unless_ready.pop_all()

    def _is_ready(self, child: Child) -> bool:
        notes = cluster.notes(self.place.data_folder)
        return notes is not None and notes.pid == child.pid and notes.ready

    def _tidy_up(self) -> None:
        shutil.rmtree(self.sockets, ignore_errors=True)
        self._lock.let_go()
