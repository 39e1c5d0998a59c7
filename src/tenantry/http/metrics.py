"""What is counted, as Prometheus reads it. Why so: docs/adr/0009-observability.md.

With several worker processes each writes into files of one folder, and whichever of them is asked
returns the sum: prometheus-client's own mode, chosen by PROMETHEUS_MULTIPROC_DIR.
"""

import os
import platform
import re
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tenantry import __version__
from tenantry.http.process_metrics import ProcessMetrics
from tenantry.http.request import Request
from tenantry.platform.mail.model import Outcome, Waiting
from tenantry.postgres.connection_pool import PoolUsage

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LIVE_FILE = re.compile(r"gauge_live\w+_(\d+)\.db")


class Metrics:
    """The counters of one process. Labels are routes, codes and names of ours, not what is sent."""

    def __init__(self, token: str | None = None) -> None:
        """`token`: the bearer token that requests must have, if set."""
        self.token = token
        self._registry = own = CollectorRegistry()
        self._requests = Counter(
            "tenantry_requests",
            "Requests that were answered, or left by their callers.",
            ["method", "route", "status", "outcome"],
            registry=own,
        )
        self._seconds = Histogram(
            "tenantry_request_duration_seconds",
            "From a request's headers to the end of its answer.",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=own,
        )
        self._waits = Histogram(
            "tenantry_database_wait_seconds",
            "How long callers waited for a connection, of those that did not get one at once.",
            buckets=_BUCKETS,
            registry=own,
        )
        self._lines = Gauge(
            "tenantry_database_lines",
            "Connections to PostgreSQL: how many there may be, are lent, are waited for.",
            ["state"],
            multiprocess_mode="livesum",
            registry=own,
        )
        self._letters = Gauge(
            "tenantry_outbox_letters",
            "Letters in the outbox that wait to be sent, or have failed for good.",
            ["state"],
            multiprocess_mode="mostrecent",
            registry=own,
        )
        self._oldest = Gauge(
            "tenantry_outbox_oldest_email_age_seconds",
            "For how long the oldest email in the outbox waits to be sent; 0 where none waits.",
            multiprocess_mode="mostrecent",
            registry=own,
        )
        self._emails = Counter(
            "tenantry_emails",
            "Attempts to send an email, by what came of them.",
            ["outcome"],
            registry=own,
        )
        self._runs = Counter(
            "tenantry_job_runs", "Runs of background jobs.", ["job", "outcome"], registry=own
        )
        self._items = Counter(
            "tenantry_job_items", "What background jobs have worked off.", ["job"], registry=own
        )
        self._failures = Counter(
            "tenantry_job_failures",
            "Batches, or pieces of one organization or person, that a background job failed at.",
            ["job"],
            registry=own,
        )
        self._process = ProcessMetrics(own)
        Gauge(
            "tenantry_build_info",
            "1, with the version of the service and of Python.",
            ["version", "python_version"],
            multiprocess_mode="max",
            registry=own,
        ).labels(__version__, platform.python_version()).set(1)
        # Finding a child by its labels takes as long as counting does.
        self._known: dict[tuple[str, str, int, str], tuple[Counter, Histogram]] = {}

    def __call__(self, request: Request, seconds: float) -> None:
        """Count one request."""
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
        """Somebody has waited for a connection."""
        self._waits.observe(seconds)

    def note_process(self) -> None:
        """What the process uses now."""
        self._process.note()

    def note_email(self, outcome: Outcome) -> None:
        """An email was tried."""
        self._emails.labels(outcome).inc()

    def note_connections(self, usage: PoolUsage) -> None:
        """What the pool is like now."""
        self._lines.labels("size").set(usage.size)
        self._lines.labels("lent").set(usage.in_use)
        self._lines.labels("waited_for").set(usage.waiting)

    def note_emails(self, waiting: Waiting) -> None:
        """What the outbox is like now."""
        self._letters.labels("queued").set(waiting.queued)
        self._letters.labels("failed").set(waiting.failed)
        self._oldest.set(waiting.oldest_seconds)

    def note_run(self, job: str, outcome: str, items: int) -> None:
        """A background job has run: `ok`, `unavailable` or `failed`."""
        self._runs.labels(job, outcome).inc()
        self._items.labels(job).inc(items)

    def note_failure(self, job: str) -> None:
        """A background job has failed at one batch, and continues with the next."""
        self._failures.labels(job).inc()

    def exposition(self) -> bytes:
        """All of it, in Prometheus' text format 0.0.4: of all workers, where there are several."""
        folder = os.environ.get(FOLDER)
        if folder is None:
            return generate_latest(self._registry)
        _bury_the_dead(Path(folder))
        together = CollectorRegistry()
        MultiProcessCollector(together)
        return generate_latest(together)


def _bury_the_dead(folder: Path) -> None:
    """Forget what workers had in hand that were killed; what they have counted stays."""
    for file in folder.iterdir():
        match = _LIVE_FILE.fullmatch(file.name)
        if match and not _lives(int(match[1])):
            file.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
