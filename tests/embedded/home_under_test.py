"""Homes under test: started, asked, looked at, and refused."""

import os
import signal
import stat
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tenantry.embedded.server import EmbeddedError, EmbeddedServer, start

AS_ROOT = os.geteuid() == 0


@contextmanager
def started(home: Path, **how: Any) -> Generator[EmbeddedServer]:
    server = start(home, **how)
    try:
        yield server
    finally:
        server.stop()


def dsn_of(server: EmbeddedServer) -> str:
    return server.dsn("postgres", "postgres")


def run(dsn: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refusal(home: Path, **how: Any) -> str:
    """The message of a refused start; it always says how to fix it."""
    with pytest.raises(EmbeddedError) as refused:
        start(home, **how)
    assert "DATABASE_URL" in str(refused.value)
    return str(refused.value)


@contextmanager
def stranger_as_owner_of(
    folder: Path, *command: str | Path
) -> Generator["subprocess.Popen[bytes]"]:
    """A process that Tenantry did not start, of the account to which the folder belongs."""
    found = folder.stat()
    with subprocess.Popen(
        command,
        cwd="/",
        stderr=subprocess.DEVNULL,
        user=found.st_uid if AS_ROOT else None,
        group=found.st_gid if AS_ROOT else None,
        extra_groups=[] if AS_ROOT else None,
    ) as stranger:
        try:
            yield stranger
        finally:
            stranger.send_signal(signal.SIGINT)
