"""`tenantry restore`: restores a backup into an empty database."""

import shutil
import subprocess
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, LiteralString, cast

import psycopg

from tenantry.cli.errors import CannotStart
from tenantry.cli.maintenance.postgres_programs import Program, connected_program
from tenantry.cli.provision import connections_of
from tenantry.embedded.binaries import find_client
from tenantry.postgres.migrator import ensure_roles
from tenantry.schema import SCHEMA
from tenantry.settings import Settings

_PREAMBLE_LINES = 40
"""More than the settings at the top of a script, fewer than the lines before data."""

_SINCE_17 = b"SET transaction_timeout = 0;\n"


def restore(settings: Settings, file: Path) -> None:
    """Restore a backup into an empty database, completely or not at all. CannotStart."""
    if not file.is_file():
        raise CannotStart(f"{file} is not a file: name one that `tenantry backup` wrote.")
    if settings.database_url is not None and settings.migration_database_url is None:
        raise CannotStart(
            "TENANTRY_MIGRATION_DATABASE_URL is missing: set it to the owner of an empty database."
        )
    with ExitStack() as stack:
        owner = connections_of(settings, stack).owner
        with psycopg.connect(owner, autocommit=True) as connection:
            _ensure_empty(connection)
            ensure_roles(connection, SCHEMA)
            major = connection.info.server_version // 10000
        _run_script(file, major, owner)
        with psycopg.connect(owner) as connection:
            # Without it, functions that look across tenants would belong to the owner.
            connection.execute(cast(LiteralString, SCHEMA.privileges.text))
    print("Restored. Run `tenantry migrate` if this release is newer than the backup.")


def _ensure_empty(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    found = connection.execute(
        "select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname in ('public', 'directory') limit 1"
    ).fetchone()
    if found is not None:
        raise CannotStart(
            "The database is not empty, and nothing is overwritten: create a new one, and point"
            " TENANTRY_MIGRATION_DATABASE_URL there (embedded: another TENANTRY_HOME)."
        )


def _run_script(file: Path, major: int, owner: str) -> None:
    """Run the SQL of pg_restore with psql, in one transaction.

    If pg_restore of 17 or later connects itself, it uses settings that older servers refuse.
    """
    options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-")
    with (
        Program(
            find_client("pg_restore", major),
            *("--no-owner", "--file=-", str(file)),
            stdout=subprocess.PIPE,
        ) as script,
        connected_program("psql", major, owner, options, stdin=subprocess.PIPE) as psql,
    ):
        try:
            _pass_on(script, psql, major)
        except BrokenPipeError:
            script.kill()  # psql has stopped at an error, which it reports
            psql.ensure_succeeded()
            raise
        except BaseException:
            psql.kill()
            raise
        psql.ensure_succeeded()


def _pass_on(script: Program, psql: Program, major: int) -> None:
    """Pass the script on. It is committed only if all of it arrived; otherwise CannotStart."""
    written, read = cast(IO[bytes], script.stdout), cast(IO[bytes], psql.stdin)
    read.write(b"BEGIN;\n")
    for line in islice(written, _PREAMBLE_LINES):
        if major >= 17 or line != _SINCE_17:
            read.write(line)
    shutil.copyfileobj(written, read)
    script.ensure_succeeded()
    read.write(b"COMMIT;\n")
    read.close()
