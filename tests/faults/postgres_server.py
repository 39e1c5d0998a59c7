"""A PostgreSQL of our own that is made to suffer."""

import os
import signal
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tenantry.cli.provision import DATABASE, SUPERUSER
from tenantry.embedded.server import PORT, EmbeddedServer, start
from tests.support.processes import children_of, kill, pid_of


class Patient:
    """It can be stopped, frozen and killed, and it comes back with the same data."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._frozen = list[int]()
        self.server: EmbeddedServer = start(home)

    def socket(self) -> Path:
        """Where it listens now."""
        folder = conninfo_to_dict(self.server.dsn(SUPERUSER, DATABASE))["host"]
        return Path(str(folder)) / f".s.PGSQL.{PORT}"

    def admin(self, database: str = DATABASE) -> psycopg.Connection[Any]:
        """A superuser's connection, past every proxy."""
        return psycopg.connect(self.server.dsn(SUPERUSER, database), autocommit=True)

    def shut_down(self) -> None:
        """End it as an operator does: no one is connected any more."""
        self.server.stop()

    def start(self) -> None:
        """Bring it back, after a shutdown or a crash."""
        self.server = start(self._home)

    def kill(self) -> None:
        """Kill -9 of its first process; the others end when they see that."""
        kill(pid_of(self.server.data_folder))

    def freeze(self) -> None:
        """Stop it and all its processes where they stand: connections stay, and no one answers."""
        first = pid_of(self.server.data_folder)
        os.kill(first, signal.SIGSTOP)  # first, so that it starts no more of them
        self._frozen = [first, *children_of(first)]
        for pid in self._frozen[1:]:
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on as if nothing had been."""
        for pid in reversed(self._frozen):
            os.kill(pid, signal.SIGCONT)
        self._frozen = []
