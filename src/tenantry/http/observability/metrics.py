"""Metrics in Prometheus' text format. Why these: docs/adr/0009-observability.md.

Several worker processes write into files of one folder, and each of them serves the sum:
prometheus-client's own mode, chosen by PROMETHEUS_MULTIPROC_DIR.
"""

import os
import platform
import re
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tenantry import __version__
from tenantry.http.observability.process_metrics import ProcessMetrics
from tenantry.http.request import Request
from tenantry.platform.mail.model import Outcome, Waiting
from tenantry.postgres.pool.connection_pool import PoolUsage

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LIVE_FILE = re.compile(r"gauge_live\w+_(\d+)\.db")


class Metrics:
    """The metrics of one process. Label values never come from a request's content."""

    def __init__(self, token: str | None = None) -> None:
        """`token`: the bearer token that requests must have, if set."""
        self.token = token
        self._registry = own = CollectorRegistry()
        counter = partial(Counter, registry=own)
        gauge = partial(Gauge, registry=own)
        histogram = partial(Histogram, registry=own, buckets=_BUCKETS)
        self._requests = counter(
            "tenantry_requests",
            "Requests that got a response, or whose client disconnected.",
            ["method", "route", "status", "outcome"],
        )
        self._seconds = histogram(
            "tenantry_request_duration_seconds",
            "From the headers of a request to the end of its response.",
            ["method", "route"],
        )
        self._waits = histogram(
            "tenantry_db_connection_wait_seconds",
            "How long callers waited for a connection, if they did not get one at once.",
        )
        self._connections = gauge(
            "tenantry_db_connections",
            "Connections to PostgreSQL: pool size, in use, and callers waiting for one.",
            ["state"],
            multiprocess_mode="livesum",
        )
        self._queue = gauge(
            "tenantry_outbox_emails",
            "Emails in the outbox that are queued, or have failed for good.",
            ["state"],
            multiprocess_mode="mostrecent",
        )
        self._oldest = gauge(
            "tenantry_outbox_oldest_email_age_seconds",
            "How long the oldest queued email has been waiting; 0 if none is queued.",
            multiprocess_mode="mostrecent",
        )
        self._emails = counter("tenantry_emails", "Attempts to send an email.", ["outcome"])
        self._runs = counter("tenantry_job_runs", "Runs of background jobs.", ["job", "outcome"])
        self._items = counter(
            "tenantry_job_items", "Items that background jobs have processed.", ["job"]
        )
        self._failures = counter(
            "tenantry_job_failures",
            "Batches, or steps for one organization or person, in which a background job failed.",
            ["job"],
        )
        self._process = ProcessMetrics(own)
        gauge(
            "tenantry_build_info",
            "1, with the version of the service and of Python.",
            ["version", "python_version"],
            multiprocess_mode="max",
        ).labels(__version__, platform.python_version()).set(1)
        # Kept, because looking up a child by its labels takes as long as counting.
        self._known: dict[tuple[str, str, int, str], tuple[Counter, Histogram]] = {}

    def __call__(self, request: Request, seconds: float) -> None:
        method = request.method if request.method in _METHODS else "OTHER"
        key = (method, request.route, request.status, request.outcome)
        known = self._known.get(key)
        if known is None:
            counter = self._requests.labels(method, request.route, request.status, request.outcome)
            known = counter, self._seconds.labels(method, request.route)
            self._known[key] = known
        known[0].inc()
        known[1].observe(seconds)

    def note_wait(self, seconds: float) -> None:
        self._waits.observe(seconds)

    def note_process(self) -> None:
        self._process.note()

    def note_email(self, outcome: Outcome) -> None:
        self._emails.labels(outcome).inc()

    def note_connections(self, usage: PoolUsage) -> None:
        self._connections.labels("size").set(usage.size)
        self._connections.labels("in_use").set(usage.in_use)
        self._connections.labels("waiting").set(usage.waiting)

    def note_emails(self, waiting: Waiting) -> None:
        self._queue.labels("queued").set(waiting.queued)
        self._queue.labels("failed").set(waiting.failed)
        self._oldest.set(waiting.oldest_seconds)

    def note_run(self, job: str, outcome: str, items: int) -> None:
        """Count a run of a background job. `outcome`: `ok`, `unavailable` or `failed`."""
        self._runs.labels(job, outcome).inc()
        self._items.labels(job).inc(items)

    def note_failure(self, job: str) -> None:
        """Count a failed batch of a background job; the job continues with the next."""
        self._failures.labels(job).inc()

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format 0.0.4, summed over all workers."""
        folder = os.environ.get(FOLDER)
        if folder is None:
            return generate_latest(self._registry)
        _delete_gauges_of_dead_workers(Path(folder))
        merged = CollectorRegistry()
        MultiProcessCollector(merged)
        return generate_latest(merged)


def _delete_gauges_of_dead_workers(folder: Path) -> None:
    """Delete the gauges of workers that were killed; their counters are kept."""
    for file in folder.iterdir():
        match = _LIVE_FILE.fullmatch(file.name)
        if match and not _is_alive(int(match[1])):
            file.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
