"""The schema of this release: tables, policies and functions, in SQL."""

from importlib import resources
from typing import Any

import psycopg

from tenantry import __version__
from tenantry.postgres import migrator
from tenantry.postgres.migrator import MigrationError, Part, Schema

SERVICE_ROLE = "tenantry_service"
DIRECTORY_ROLE = "tenantry_directory"

SCHEMA = Schema(resources.files("tenantry.schema"), __version__)


def migrate(conninfo: str, schema: Schema = SCHEMA) -> list[Part]:
    """Bring a database to this release, as its owner; what was applied. MigrationError."""
    with psycopg.connect(conninfo) as connection:
        if is_of_0_1(connection):
            raise MigrationError(OF_0_1)
    return migrator.migrate(conninfo, schema)


OF_0_1 = (
    "This database was created by Tenantry 0.1, which has no upgrade path: use an empty database"
    " (another one in DATABASE_URL; for the embedded one, another TENANTRY_HOME, or"
    " `tenantry dev --reset`)."
)


def is_of_0_1(connection: psycopg.Connection[Any]) -> bool:
    """Whether release 0.1 created this database: it recorded its steps in a table of its own."""
    query = "select to_regclass('public.schema_migrations') is not null"
    return connection.execute(query).fetchone() == (True,)
