"""`tenantry serve` and `tenantry migrate`: production, where nothing unsafe is let through."""

import os
from contextlib import ExitStack
from socket import socket
from tempfile import TemporaryDirectory

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from tenantry.access.keys import SigningKeys
from tenantry.api.tracing import by_environment
from tenantry.app import Parts, create_app
from tenantry.cli import keeping, logs, product_permissions
from tenantry.cli.binding import bound_socket
from tenantry.cli.demands import (
    must_be_complete,
    must_be_harmless,
    must_be_migrated,
    must_be_supported,
)
from tenantry.cli.parts import audiences, carrier, limits, links, templates, trusted_issuers
from tenantry.cli.provision import Connections, provision
from tenantry.cli.refusals import CannotStart
from tenantry.cli.running import OPTIONS, run_until_stopped, spare_the_collector
from tenantry.database.embedded.server import start
from tenantry.database.migrator import migrate
from tenantry.settings import Settings
from tenantry.web import metrics
from tenantry.web.metrics import Metrics


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
        os.environ["DATABASE_URL"] = connections.service
        bound = stack.enter_context(bound_socket(settings.host, settings.port))
        if workers == 1:
            run_until_stopped(application(), bound)
        else:
            if settings.metrics:
                os.environ[metrics.FOLDER] = stack.enter_context(TemporaryDirectory())
            _run_several(workers, bound)


def _run_several(workers: int, bound: socket) -> None:
    """Worker processes that take turns at one socket, each put together by `application`."""
    name = f"{__name__}:{application.__name__}"
    logs.configure(Settings.load(os.environ), level="info", form="json")
    config = uvicorn.Config(name, factory=True, workers=workers, **OPTIONS)
    Multiprocess(config, sockets=[bound]).run()


def application() -> ASGIApp:
    """The application by the environment: what each worker process calls."""
    settings = Settings.load(os.environ)
    must_be_complete(settings)
    database, keys, secret = settings.database_url, settings.signing_keys, settings.secret_key
    if database is None or keys is None or secret is None or settings.base_url is None:
        raise CannotStart("DATABASE_URL is missing.")
    app = create_app(
        Parts(
            database_url=database.get_secret_value(),
            base_url=settings.base_url,
            signing_keys=SigningKeys.load(keys.get_secret_value()),
            secret_key=secret.get_secret_value(),
            carrier=carrier(settings),
            links=links(settings, settings.base_url),
            templates=templates(settings),
            sign_up=settings.sign_up,
            trusted_issuers=trusted_issuers(settings),
            audiences=audiences(settings, settings.base_url),
            shows_version=bool(settings.show_version),
            metrics=Metrics() if settings.metrics else None,
            request_log=logs.configure(settings, level="info", form="json"),
            telemetry=by_environment(),
            allowed_origins=settings.allowed_origins,
            limits=limits(settings),
            trusted_proxies=settings.trusted_proxies,
            rate_limits=settings.rate_limits == "on",
        )
    )
    spare_the_collector()
    return app


def migrate_now(settings: Settings) -> None:
    """Bring the schema up to date as its owner; says what was done."""
    owner = settings.migration_database_url
    with ExitStack() as stack:
        url = owner.get_secret_value() if owner else connections_of(settings, stack).owner
        applied = migrate(url)
    for migration in applied:
        print(f"applied {migration.number:04} {migration.name}")
    print("The schema is up to date.")


def connections_of(settings: Settings, stack: ExitStack) -> Connections:
    """The database that is set, or the embedded one, until the stack ends."""
    if settings.database_url is None:
        server = start(settings.home)
        stack.callback(server.stop)
        with keeping.alone(settings.home):
            return provision(server)
    owner = settings.migration_database_url or settings.database_url
    return Connections(settings.database_url.get_secret_value(), owner.get_secret_value())
