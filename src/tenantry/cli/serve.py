"""`tenantry serve`: production, where nothing unsafe is let through."""

import os
from contextlib import ExitStack
from socket import socket
from tempfile import TemporaryDirectory

import uvicorn
from uvicorn.supervisors import Multiprocess

from tenantry.cli import logs, product_permissions, secret_key
from tenantry.cli.binding import bound_socket
from tenantry.cli.demands import (
    must_be_complete,
    must_be_harmless,
    must_be_migrated,
    must_be_supported,
)
from tenantry.cli.parts import templates
from tenantry.cli.provision import connections_of
from tenantry.cli.running import OPTIONS, run_until_stopped
from tenantry.database.migrator import migrate
from tenantry.settings import Settings
from tenantry.web import metrics

_APPLICATION = "tenantry.cli.application:application"


def run(settings: Settings, *, workers: int) -> None:
    """Check everything, then serve until stopped. CannotStart names what to mend."""
    must_be_complete(settings)
    templates(settings)  # refused here, and not by each worker
    with ExitStack() as stack:
        connections = connections_of(settings, stack)
        if settings.auto_migrate:
            migrate(connections.owner)
        must_be_supported(connections.service)
        must_be_migrated(connections.service)
        must_be_harmless(connections.service)
        product_permissions.declare(settings, connections.service)
        secret_key.join(connections.service, secret_key.ids(settings))
        os.environ["DATABASE_URL"] = connections.service
        bound = stack.enter_context(bound_socket(settings.host, settings.port))
        if workers == 1:
            _run_one(bound)
        else:
            if settings.metrics:
                os.environ[metrics.FOLDER] = stack.enter_context(TemporaryDirectory())
            _run_several(workers, bound)


def _run_one(bound: socket) -> None:
    # Not before: it takes a second, and all is known to be well now.
    from tenantry.cli.application import application

    run_until_stopped(application(), bound)


def _run_several(workers: int, bound: socket) -> None:
    """Worker processes that take turns at one socket, each put together by `application`."""
    logs.configure(Settings.load(os.environ), level="info", form="json")
    config = uvicorn.Config(_APPLICATION, factory=True, workers=workers, **OPTIONS)
    Multiprocess(config, sockets=[bound]).run()
