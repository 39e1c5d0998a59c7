"""One slice of load by wrk: one thread, 32 connections, over many callers and paths."""

import itertools
import json
import resource
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from bench import calm
from bench.postgres import Postgres
from bench.services import Service
from bench.workloads import Workload

CONNECTIONS = 32
ATTEMPTS = 4
SCRIPT = Path(__file__).with_name("rotate.lua")

_run = f"b{secrets.token_hex(3)}"
_number = itertools.count(1)


class Figure(NamedTuple):
    """What one slice showed; times in milliseconds."""

    rate: float
    """Requests a second."""
    p50: float
    p99: float
    service: float
    """CPU of the service per request."""
    database: float
    """CPU of PostgreSQL per request."""
    disturbed: float
    """Share of the wanted CPU that went elsewhere meanwhile."""


def calm_slice(
    service: Service, workload: Workload, targets: Path, server: Postgres, seconds: float
) -> Figure:
    """Measure; again, up to four times, where much CPU went elsewhere. The calmest slice counts."""
    figures = []
    for attempt in range(1, ATTEMPTS + 1):
        figures.append(one_slice(service, workload, targets, server, seconds))
        if figures[-1].disturbed <= calm.LIMIT:
            break
        calm.pause(attempt)
    return min(figures, key=lambda figure: figure.disturbed)


def one_slice(
    service: Service, workload: Workload, targets: Path, server: Postgres, seconds: float
) -> Figure:
    """Measure once. SystemExit where any answer was not 2xx or did not come."""
    quiet, mine, theirs, loader = calm.Calm(), service.cpu(), server.cpu(), _children()
    result = _load(service, workload, targets, seconds)
    mine, theirs, loader = service.cpu() - mine, server.cpu() - theirs, _children() - loader
    disturbed = quiet.disturbed(mine + theirs + loader)
    _settle(service, server)
    count = result["requests"]
    if result["refused"] or result["broken"] or not count:
        raise SystemExit(f"{service.name}, {workload.name}: not every answer was 2xx: {result}")
    return Figure(
        rate=count / result["seconds"],
        p50=result["p50"],
        p99=result["p99"],
        service=mine / count * 1e3,
        database=theirs / count * 1e3,
        disturbed=disturbed,
    )


def _settle(service: Service, server: Postgres) -> None:
    """Wait, ten seconds at most, until what wrk left in hand is done: the next slice shall not pay.

    Of batches, each of its connections leaves a thousand questions.
    """
    before = 0.0
    for _ in range(50):
        now = service.cpu() + server.cpu()
        if now - before < 0.02:
            return
        before = now
        time.sleep(0.2)


def _children() -> float:
    """CPU seconds of the processes that we have waited for: wrk's."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _load(service: Service, workload: Workload, targets: Path, seconds: float) -> dict[str, float]:
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is not installed")
    url = f"http://127.0.0.1:{service.port}"
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "10s"]
    prefix = f"{_run}-{next(_number)}"
    arguments = [*options, "-s", SCRIPT, url, "--", targets, workload.body, prefix]
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line.removeprefix("RESULT "))
    raise SystemExit(f"wrk said: {done.stdout}{done.stderr}")
