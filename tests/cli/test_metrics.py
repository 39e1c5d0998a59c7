"""/metrics with several workers: each of them shows the sum of all."""

import re
import signal
from concurrent.futures import ThreadPoolExecutor

from tests.cli.commands import Running, running
from tests.cli.production import whole
from tests.faults.kills import workers_of
from tests.support.postgres import TestPostgres
from tests.support.processes import kill, wait_for

_HEALTHZ = re.compile(r'tenantry_requests_total\{[^}]*route="/healthz"[^}]*\} (\d+)')
_RESTARTS = re.compile(r"tenantry_worker_restarts_total (\d+)")
_BUILD = re.compile(r"tenantry_build_info\{[^}]*\} (\d+)")
_MEMORY = re.compile(r'process_resident_memory_bytes\{pid="(\d+)"\}')
_CONNECTIONS = re.compile(r'tenantry_db_connections\{state="size"\} (\d+)')
ASKED = 60


def shown(service: Running, pattern: re.Pattern[str]) -> float:
    found = pattern.search(service.get("/metrics").text)
    return float(found[1]) if found else 0


def test_all_workers_are_counted_together_and_a_dead_one_is_forgotten(
    postgres: TestPostgres,
) -> None:
    settings = whole(postgres.connections.service) | {"TENANTRY_METRICS": "on"}
    with running("serve", "--workers=2", settings=settings) as service:
        wait_for(lambda: shown(service, _CONNECTIONS) == 16)  # eight for each worker
        with ThreadPoolExecutor(8) as callers:
            list(callers.map(service.get, ["/healthz"] * ASKED))
        wait_for(lambda: shown(service, _HEALTHZ) == ASKED)  # each is counted after its response
        assert {shown(service, _HEALTHZ) for _ in range(8)} == {ASKED}
        assert shown(service, _RESTARTS) == 0
        assert shown(service, _BUILD) == 1
        wait_for(lambda: told_of(service) == set(workers_of(service)))

        kill(worker_of(service))
        wait_for(lambda: shown(service, _RESTARTS) == 1)
        wait_for(lambda: shown(service, _CONNECTIONS) == 16)  # another has taken its place
        wait_for(lambda: len(told_of(service)) == 2)
        assert {shown(service, _HEALTHZ) for _ in range(8)} == {ASKED}
        assert told_of(service) == set(workers_of(service))
        assert service.end(signal.SIGTERM) == 0


def told_of(service: Running) -> set[int]:
    """The processes whose memory is shown."""
    return {int(pid) for pid in _MEMORY.findall(service.get("/metrics").text)}


def worker_of(service: Running) -> int:
    """One of the processes that answer."""
    return workers_of(service)[-1]
