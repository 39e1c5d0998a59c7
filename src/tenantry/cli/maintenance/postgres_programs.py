"""PostgreSQL's own programs for backup and restore."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenantry.cli.errors import CannotStart
from tenantry.embedded.binaries import find_client


class Program(subprocess.Popen[bytes]):
    """A running program, such as `pg_dump`, that can be read from or written to like a file."""

    def __init__(
        self,
        path: Path,
        *options: str,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._name = path.name
        # A file, not a pipe, which could fill up.
        self._stderr = TemporaryFile()  # noqa: SIM115 - __exit__ closes it
        super().__init__(
            [path, *options],
            stdin=stdin,
            stdout=stdout,
            stderr=self._stderr,
            env=os.environ | (environment or {}),
        )

    def __exit__(self, *failure: Any) -> None:
        with suppress(BrokenPipeError):  # the program no longer reads, so the rest is not needed
            super().__exit__(*failure)
        self._stderr.close()

    def ensure_succeeded(self) -> None:
        """Wait for its end. CannotStart, with its output, if it failed."""
        if self.wait() != 0:
            self._stderr.seek(0)
            why = " ".join(self._stderr.read().decode(errors="replace").split())[:500]
            raise CannotStart(f"{self._name} failed, and nothing was kept: {why}")


def connected_program(
    name: str, major: int, url: str, options: Sequence[str], stdin: int
) -> Program:
    """A program of the server's version or a later one, connected to the server.

    The password is passed in its environment, which other users cannot see.
    """
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    return Program(
        find_client(name, major),
        *("--no-password", *options, f"--dbname={make_conninfo('', **parts)}"),
        stdin=stdin,
        environment={"PGPASSWORD": str(password)} if password else None,
    )
