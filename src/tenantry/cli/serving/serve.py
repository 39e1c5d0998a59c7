"""`tenantry serve`: production, with every setting checked first."""

import logging
import os
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from socket import socket
from tempfile import TemporaryDirectory

from tenantry import __version__
from tenantry.cli import logs, secret_key
from tenantry.cli.errors import CannotStart
from tenantry.cli.operators import product_permissions
from tenantry.cli.parts import templates
from tenantry.cli.provision import connections_of
from tenantry.cli.serving.listening_socket import bound_socket
from tenantry.cli.serving.preflight import (
    ensure_complete,
    ensure_migrated,
    ensure_supported,
    ensure_unprivileged,
)
from tenantry.schema import migrate
from tenantry.settings import Settings

log = logging.getLogger("tenantry.process")


def run(settings: Settings, *, workers: int) -> None:
    """Check everything, then serve until stopped. CannotStart."""
    logs.configure(settings, level="info", form="json")
    ensure_complete(settings)
    templates(settings)  # fail here, not in each worker
    with ExitStack() as stack:
        connections = connections_of(settings, stack)
        if settings.auto_migrate:
            migrate(connections.owner)
        ensure_supported(connections.service)
        ensure_migrated(connections.service)
        ensure_unprivileged(connections.service)
        product_permissions.declare(settings, connections.service)
        secret_key.join(connections.service, secret_key.ids(settings))
        os.environ["DATABASE_URL"] = connections.service
        os.environ.pop("DATABASE_URL_FILE", None)
        bound = stack.enter_context(bound_socket(settings.host, settings.port))
        stack.enter_context(_log_start_and_stop(bound, workers))
        if workers == 1:
            _run_one(bound, settings)
        else:
            folder = stack.enter_context(TemporaryDirectory()) if settings.metrics else None
            _run_several(workers, bound, folder)


@contextmanager
def _log_start_and_stop(bound: socket, workers: int) -> Generator[None]:
    address, port, *_ = bound.getsockname()
    log.info("Tenantry %s starts on %s port %d, workers: %d", __version__, address, port, workers)
    try:
        yield
    finally:
        log.info("Tenantry %s has stopped", __version__)


def _run_one(bound: socket, settings: Settings) -> None:
    # Imported after the checks, because it takes a second.
    from tenantry.cli.serving.application import application
    from tenantry.cli.serving.server import run_until_stopped

    run_until_stopped(
        application(),
        bound,
        keep_alive_seconds=settings.keep_alive_seconds,
        ready=lambda: log.info("ready"),
    )


def _run_several(workers: int, bound: socket, metrics: str | None) -> None:
    """Run worker processes on one socket, with their metrics, if any, in one folder. SystemExit if
    they cannot be started."""
    if sys.platform == "win32":
        raise CannotStart("Windows supports only one worker: start one, or use WSL.")
    from tenantry.cli.serving.supervisor import Supervisor

    on_restart = _restarts_counted(metrics) if metrics else lambda: None
    if status := Supervisor(bound, workers, on_restart).run():
        sys.exit(status)


def _restarts_counted(folder: str) -> Callable[[], None]:
    """Counts restarts in the workers' folder; the workers report the sum."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    from prometheus_client import CollectorRegistry, Counter  # reads the folder when imported

    restarts = Counter(
        "tenantry_worker_restarts",
        "Workers that were restarted after they exited unexpectedly.",
        registry=CollectorRegistry(),
    )
    return restarts.inc
