"""The database to use: the configured one, or the embedded server."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tenantry.cli.errors import CannotStart
from tenantry.cli.serving import dev_secrets
from tenantry.embedded.placement import holds_data
from tenantry.embedded.server import EmbeddedServer
from tenantry.embedded.supervision import supervised
from tenantry.schema import SERVICE_ROLE
from tenantry.settings import Settings

DATABASE, OWNER, SERVICE = "tenantry", "tenantry_owner", "tenantry"
SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True)
class Connections:
    """Connection strings of the service and of the schema's owner."""

    service: str
    owner: str


def connections_of(settings: Settings, stack: ExitStack) -> Connections:
    """The configured database, or the embedded one, until the stack ends."""
    if settings.database_url is None:
        server = stack.enter_context(supervised(settings.home))
        with dev_secrets.exclusive_home(settings.home):
            return provision(server)
    owner = settings.migration_database_url or settings.database_url
    return Connections(settings.database_url.get_secret_value(), owner.get_secret_value())


def existing_connections_of(settings: Settings, stack: ExitStack) -> Connections:
    """The same, for commands that need existing data. CannotStart if there is no database yet."""
    ensure_database_exists(settings)
    return connections_of(settings, stack)


def ensure_database_exists(settings: Settings) -> None:
    """CannotStart if the embedded database does not exist yet."""
    if settings.database_url is None and not holds_data(settings.home):
        raise CannotStart(
            f"There is no database in {settings.home.expanduser().resolve()}. Set TENANTRY_HOME to"
            " the folder of the embedded database, such as .tenantry in your clone, or DATABASE_URL"
            " to your own PostgreSQL."
        )


def provision(server: EmbeddedServer, *, reset: bool = False) -> Connections:
    """Create the database, the owner of its schema and the service's login, if they are missing.

    `reset` drops the database first. Safe to run on every start.
    """
    with psycopg.connect(server.dsn(SUPERUSER, "postgres"), autocommit=True) as admin:
        _ensure_role(admin, OWNER, "create role {} login createrole")
        _ensure_role(admin, SERVICE_ROLE, "create role {} nologin")
        _ensure_role(admin, SERVICE, "create role {} login")
        _run(admin, "grant {} to {}", SERVICE_ROLE, SERVICE)
        if reset:
            _run(admin, "drop database if exists {} with (force)", DATABASE)
        if not _exists(admin, "select 1 from pg_database where datname = %s", DATABASE):
            _run(admin, "create database {} owner {}", DATABASE, OWNER)
    return Connections(server.dsn(SERVICE, DATABASE), server.dsn(OWNER, DATABASE))


def _ensure_role(admin: psycopg.Connection[Any], name: str, creation: LiteralString) -> None:
    if not _exists(admin, "select 1 from pg_roles where rolname = %s", name):
        _run(admin, creation, name)


def _exists(admin: psycopg.Connection[Any], query: LiteralString, name: str) -> bool:
    return admin.execute(query, [name]).fetchone() is not None


def _run(admin: psycopg.Connection[Any], statement: LiteralString, *names: str) -> None:
    admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
