"""Metrics of the process itself, under the names that Prometheus' client libraries share.

prometheus-client's own collector knows only one process, and reports nothing for several workers.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge

_SELF = Path("/proc/self")
"""The source on Linux; other systems have only CPU time and the start time."""


class ProcessMetrics:
    """CPU time, summed over all workers; everything else per worker, by `pid` if there are
    several."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._cpu = Counter("process_cpu_seconds", "CPU time used, in seconds.", registry=registry)
        self._memory = _gauge(
            registry, "process_resident_memory_bytes", "Resident memory, in bytes."
        )
        self._files = _gauge(registry, "process_open_fds", "Open file descriptors.")
        _gauge(
            registry,
            "process_start_time_seconds",
            "When the process started, in seconds since 1970.",
        ).set(time.time())
        self._counted = 0.0

    def note(self) -> None:
        used = time.process_time()
        self._cpu.inc(used - self._counted)
        self._counted = used
        with suppress(OSError):
            pages = int((_SELF / "statm").read_text().split()[1])
            self._memory.set(pages * os.sysconf("SC_PAGE_SIZE"))
            self._files.set(len(os.listdir(_SELF / "fd")) - 1)  # without the listing's own


def _gauge(registry: CollectorRegistry, name: str, documentation: str) -> Gauge:
    return Gauge(name, documentation, registry=registry, multiprocess_mode="liveall")
