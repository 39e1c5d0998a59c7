"""The services under test: how each is started, and how it spells ids and callers."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from uuid import UUID

from bench import population
from bench.peers.seed import seed
from bench.postgres import Postgres, tree_cpu
from bench.tokens import BASE_URL, Issuer

ROOT = Path(__file__).parent.parent

Spelling = Callable[[int, UUID], str]


def plain(_kind: int, identity: UUID) -> str:
    """Both peers show UUIDs as they are."""
    return str(identity)


@dataclass
class Service:
    """One process that answers on a port of loopback."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    spell: Spelling = plain
    helpers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def id(self, kind: int, number: int) -> str:
        """The id on this service's wire."""
        return self.spell(kind, population.id_of(kind, number))

    def token(self, issuer: Issuer, user: int) -> str:
        """The token of a user, in their one session."""
        return issuer.issue(self.id(population.USER, user), self.id(population.SESSION, user))

    def cpu(self) -> float:
        """CPU seconds so far."""
        return tree_cpu(self.process.pid)

    def stop(self) -> None:
        """End it and whatever was started for it."""
        for process in [self.process, *self.helpers]:
            process.send_signal(signal.SIGTERM)
        for process in [self.process, *self.helpers]:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    """A port of loopback that no one listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def spawn(arguments: list[str], root: Path = ROOT, **environment: str) -> subprocess.Popen[bytes]:
    """Start Python in the root of this repository, or of another checkout of it."""
    paths = [str(root / "src"), os.environ.get("PYTHONPATH", "")]
    inherited = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    return subprocess.Popen(
        [python_of(root), *arguments], cwd=root, env={**inherited, **environment}
    )


def python_of(root: Path) -> str:
    """The interpreter of a checkout, with the dependencies that it pins."""
    return sys.executable if root == ROOT else str(root / ".venv" / "bin" / "python")


def wait_until(service: Service, path: str, statuses: set[int], seconds: float = 30) -> None:
    """Wait until a path is answered so; where it never is, stop the service and SystemExit."""
    deadline = time.monotonic() + seconds
    while service.process.poll() is None and time.monotonic() < deadline:
        if _status(service.port, path) in statuses:
            return
        time.sleep(0.1)
    code = service.process.poll()
    service.stop()
    raise SystemExit(
        f"{service.name} was not ready after {seconds:g} s"
        if code is None
        else f"{service.name} ended with {code}"
    )


def _status(port: int, path: str) -> int | None:
    """How a path is answered; None where no one listens yet."""
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None


def start_usual(server: Postgres, issuer: Issuer) -> Service:
    """The usual way, in a database of its own."""
    url = server.dsn(database="usual_peer").replace("postgresql:", "postgresql+asyncpg:")
    return _start_peer("usual", "usual_peer", url, server, issuer)


def start_limit(server: Postgres, issuer: Issuer) -> Service:
    """The limit, as a role that owns nothing."""
    url = server.dsn("limit_app", "limit_peer")
    return _start_peer("limit", "limit_peer", url, server, issuer)


def _start_peer(name: str, database: str, url: str, server: Postgres, issuer: Issuer) -> Service:
    seed(server, database)
    port = free_port()
    options = ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    options += ["--loop", "uvloop", "--http", "httptools"]
    process = spawn(
        ["-m", "uvicorn", f"bench.peers.{name}:app", *options],
        BENCH_DATABASE_URL=url,
        BENCH_SIGNING_KEY=issuer.pem,
        BENCH_ISSUER=BASE_URL,
    )
    service = Service(name, port, process)
    wait_until(service, "/api/v1/organizations", {401, 403, 404})
    return service
