"""`tenantry serve` and `tenantry migrate`: production, where nothing unsafe is let through."""

import os
from contextlib import ExitStack
from socket import socket

import psycopg
import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from tenantry.access.keys import SigningKeys
from tenantry.app import Parts, create_app
from tenantry.cli import keeping
from tenantry.cli.binding import bound_socket
from tenantry.cli.parts import carrier, limits, links
from tenantry.cli.provision import Connections, provision
from tenantry.cli.refusals import CannotStart
from tenantry.cli.running import OPTIONS, run_until_stopped
from tenantry.database.embedded.server import start
from tenantry.database.migrator import migrate, migrations
from tenantry.settings import Settings


def run(settings: Settings, *, workers: int) -> None:
    """Check everything, then serve until stopped. CannotStart names what to mend."""
    must_be_complete(settings)
    with ExitStack() as stack:
        connections = _connections(settings, stack)
        if settings.auto_migrate:
            migrate(connections.owner)
        must_be_migrated(connections.service)
        must_be_harmless(connections.service)
        os.environ["DATABASE_URL"] = connections.service
        bound = stack.enter_context(bound_socket(settings.host, settings.port))
        if workers == 1:
            run_until_stopped(application(), bound)
        else:
            _run_several(workers, bound)


def _run_several(workers: int, bound: socket) -> None:
    """Worker processes that take turns at one socket, each put together by `application`."""
    name = f"{__name__}:{application.__name__}"
    config = uvicorn.Config(name, factory=True, workers=workers, **OPTIONS)
    Multiprocess(config, sockets=[bound]).run()


def application() -> ASGIApp:
    """The application by the environment: what each worker process calls."""
    settings = Settings.load(os.environ)
    must_be_complete(settings)
    database, keys, secret = settings.database_url, settings.signing_keys, settings.secret_key
    if database is None or keys is None or secret is None or settings.base_url is None:
        raise CannotStart("DATABASE_URL is missing.")
    return create_app(
        Parts(
            database_url=database.get_secret_value(),
            base_url=settings.base_url,
            signing_keys=SigningKeys.load(keys.get_secret_value()),
            secret_key=secret.get_secret_value(),
            carrier=carrier(settings),
            links=links(settings, settings.base_url),
            sign_up=settings.sign_up,
            allowed_origins=settings.allowed_origins,
            limits=limits(settings),
        )
    )


def migrate_now(settings: Settings) -> None:
    """Bring the schema up to date as its owner; says what was done."""
    owner = settings.migration_database_url
    with ExitStack() as stack:
        url = owner.get_secret_value() if owner else _connections(settings, stack).owner
        applied = migrate(url)
    for migration in applied:
        print(f"applied {migration.number:04} {migration.name}")
    print("The schema is up to date.")


def must_be_complete(settings: Settings) -> None:
    """Refuse settings without which production is not safe."""
    for name, value, mend in (
        ("TENANTRY_BASE_URL", settings.base_url, "the address that people reach this service at"),
        ("TENANTRY_SIGNING_KEYS", settings.signing_keys, "an ES256 or RS256 private key, as PEM"),
        ("TENANTRY_SECRET_KEY", settings.secret_key, "a random text of 32 characters or more"),
        ("TENANTRY_SMTP_URL", settings.smtp_url, "the mail server, such as smtp://user:pw@host"),
    ):
        if value is None:
            raise CannotStart(f"{name} is missing: set it to {mend}.")
    _must_be_whole(settings)
    for name, secret in (
        ("TENANTRY_SIGNING_KEYS", settings.signing_keys),
        ("TENANTRY_SECRET_KEY", settings.secret_key),
    ):
        if secret is not None and keeping.DEVELOPMENT_MARK in secret.get_secret_value():
            raise CannotStart(f"{name} was made for development: make another one.")
    try:
        SigningKeys.load(settings.signing_keys.get_secret_value() if settings.signing_keys else "")
    except ValueError as broken:
        raise CannotStart(
            f"TENANTRY_SIGNING_KEYS: {broken}. Make one by `openssl genpkey -algorithm EC -pkeyopt"
            " ec_paramgen_curve:P-256`."
        ) from None


def _must_be_whole(settings: Settings) -> None:
    """Refuse half of what belongs together: the other half would be something that nobody meant."""
    if "mail_from" not in settings.model_fields_set:
        raise CannotStart(
            "TENANTRY_SMTP_URL is set without TENANTRY_MAIL_FROM: set that to the address that"
            " letters come from, such as Acme <no-reply@acme.example>."
        )
    if settings.migration_database_url is not None and settings.database_url is None:
        raise CannotStart(
            "TENANTRY_MIGRATION_DATABASE_URL is set without DATABASE_URL: set that to the same"
            " database, with a login that owns nothing."
        )


def must_be_migrated(database_url: str) -> None:
    """Refuse a database that is behind this release."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        try:
            rows = connection.execute("select number from public.schema_migrations").fetchall()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
            rows = []
    if not {migration.number for migration in migrations()} <= {row[0] for row in rows}:
        raise CannotStart(
            "The database is behind this release: run `tenantry migrate` with"
            " TENANTRY_MIGRATION_DATABASE_URL, or set TENANTRY_AUTO_MIGRATE=1."
        )


def must_be_harmless(database_url: str) -> None:
    """Refuse a login that row security would not bind."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute(
            "select rolsuper or rolbypassrls or exists (select from pg_tables"
            " where schemaname = 'public' and pg_has_role(tableowner, 'member'))"
            " from pg_roles where rolname = current_user"
        ).fetchone()
    if row is None or row[0]:
        raise CannotStart(
            "DATABASE_URL signs in as a superuser, an owner, or a role with BYPASSRLS, whom row"
            " security does not bind. Make a login of its own: CREATE ROLE … LOGIN, and GRANT"
            " tenantry_service TO it."
        )


def _connections(settings: Settings, stack: ExitStack) -> Connections:
    """The database that is set, or the embedded one, until the stack ends."""
    if settings.database_url is None:
        server = start(settings.home)
        stack.callback(server.stop)
        with keeping.alone(settings.home):
            return provision(server)
    owner = settings.migration_database_url or settings.database_url
    return Connections(settings.database_url.get_secret_value(), owner.get_secret_value())
