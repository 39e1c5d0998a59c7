"""Other processes that own a server, and clients that write to it meanwhile."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import psycopg

from tenantry.embedded.server import EmbeddedServer
from tests.embedded.home_under_test import dsn_of, run
from tests.embedded.pythons import source
from tests.support.processes import wait_for

OWNER = """
import json, sys
from pathlib import Path
from tenantry.embedded.server import EmbeddedError, start
try:
    server = start(Path(sys.argv[1]))
except EmbeddedError as error:
    print(json.dumps({"refusal": str(error)}), flush=True)
else:
    print(json.dumps({
        "owned": server.owned,
        "version": server.version,
        "data_folder": str(server.data_folder),
        "dsn": server.dsn("postgres", "postgres"),
    }), flush=True)
    sys.stdin.read()
"""


class Owner(subprocess.Popen[str]):
    """Another process that starts the server of a home, and holds it until its input ends."""

    def __init__(
        self, home: Path, program: Sequence[str] = (sys.executable,), prelude: str = "", **how: Any
    ) -> None:
        how.setdefault("env", os.environ | {"PYTHONPATH": str(source())})
        super().__init__(
            [*program, "-c", prelude + OWNER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **how,
        )

    def report(self) -> dict[str, Any]:
        """What it says once its server is ready, or refused."""
        assert self.stdout is not None
        return json.loads(self.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        super().__exit__(None, None, None)


class Writers:
    """Three clients that insert numbers, and remember those that were acknowledged."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.acknowledged: list[int] = []
        run(dsn, "create table if not exists number (n bigint primary key)")
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(3)]
        for thread in self._threads:
            thread.start()
        wait_for(lambda: len(self.acknowledged) > 100)

    def _write(self, number: int) -> None:
        with suppress(psycopg.Error), psycopg.connect(self._dsn, autocommit=True) as connection:
            while True:
                connection.execute("insert into number values (%s)", [number])
                self.acknowledged.append(number)
                number += 3

    def lost(self, server: EmbeddedServer) -> set[int]:
        """The acknowledged numbers that the server no longer has."""
        for thread in self._threads:
            thread.join()
        found = {n for (n,) in run(dsn_of(server), "select n from number")}
        return set(self.acknowledged) - found
