"""Brings a database's schema up to date, forward only. Why not a library: docs/adr/0004."""

import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql

from tenantry.postgres.statement import Statement

# Any number will do, as long as every Tenantry takes the same one: "tntry" in ASCII.
_LOCK = 0x746E747279
_FILE_NAME = re.compile(r"(\d{4})_(pre|post)_([a-z0-9_]+)\.sql")

# Anyone who needs a lock waits behind a migration that waits for it. So each attempt is short, and
# a holder of the lock (a backup, a report) delays only the migration.
_LOCK_TIMEOUT = "150ms"
_PAUSE_SECONDS = 1.0
_PATIENCE_SECONDS = 3600.0

log = logging.getLogger("tenantry.postgres")

SERVICE_ROLE = "tenantry_service"
DIRECTORY_ROLE = "tenantry_directory"

APPLIED = Statement("select number from schema_migrations order by number")


class MigrationError(Exception):
    """The schema cannot be brought up to date; the message names the mend."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema's history. `stage` tells whether it runs before or after new code."""

    number: int
    stage: str
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """Tells whether a step was changed after it was applied somewhere."""
        return sha256(self.text.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Every step there is, in order."""
    return sorted(_read(), key=lambda migration: migration.number)


def _read() -> Iterator[Migration]:
    for file in resources.files("tenantry.postgres.migrations").iterdir():
        match = _FILE_NAME.fullmatch(file.name)
        if match:
            number, stage, name = match.groups()
            yield Migration(int(number), stage, name, file.read_text("utf-8"))


def migrate(conninfo: str, steps: Sequence[Migration] | None = None) -> list[Migration]:
    """Apply what is missing, as the owner, each step in a transaction of its own; what was applied.

    Safe to run twice, by several servers at once (they wait for each other), and beside a service
    at work: a step that meets a lock steps back and tries again, for an hour. MigrationError where
    it is held longer, a step that was applied has changed since, the owner may not do what a step
    needs, or something of somebody else's stands in its way.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            return _apply_missing(connection, migrations() if steps is None else steps)
        except psycopg.errors.InsufficientPrivilege as refused:
            raise MigrationError(
                f"The owner may not do what the schema needs ({refused.diag.message_primary}). Make"
                f" it the owner of the database and, as a superuser: ALTER ROLE … CREATEROLE, and"
                f" GRANT {DIRECTORY_ROLE} TO it where that role exists already."
            ) from refused
        except psycopg.OperationalError:
            raise
        except psycopg.Error as failed:
            raise MigrationError(
                f"The schema could not be brought up to date ({failed.diag.message_primary}). The"
                " step that failed was undone: take away what stands in its way, and start again."
            ) from failed


def _apply_missing(
    connection: psycopg.Connection[Any], steps: Sequence[Migration]
) -> list[Migration]:
    ensure_roles(connection)
    connection.execute(
        "create table if not exists public.schema_migrations (number int primary key,"
        " name text not null, checksum text not null, applied_at timestamptz not null)"
    )
    rows = connection.execute("select number, checksum from public.schema_migrations").fetchall()
    applied = dict(rows)
    missing: list[Migration] = []
    for migration in steps:
        known = applied.pop(migration.number, None)
        if known is None:
            _apply_patiently(connection, migration)
            missing.append(migration)
        elif known != migration.checksum:
            raise MigrationError(
                f"Migration {migration.number:04} was changed after it was applied here."
                " Install the release that this database belongs to, or restore a backup."
            )
    return missing


def ensure_roles(connection: psycopg.Connection[Any]) -> None:
    """Make the roles that the schema speaks of, where the server has them not yet."""
    _ensure_role(connection, SERVICE_ROLE)
    _ensure_role(connection, DIRECTORY_ROLE)


def _ensure_role(connection: psycopg.Connection[Any], name: str) -> None:
    """Roles belong to the whole server, so another database's migration may make them meanwhile."""
    exists = connection.execute("select from pg_roles where rolname = %s", [name]).fetchone()
    if exists is None:
        try:
            connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            return
    if name == DIRECTORY_ROLE and not _may_become(connection, name):
        # Who hands a function over to a role must be able to become that role.
        connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(name)))


def _may_become(connection: psycopg.Connection[Any], name: str) -> bool:
    # From PostgreSQL 16 on, who makes a role may administer it without being able to become it.
    privilege = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    row = connection.execute("select pg_has_role(%s, %s)", [name, privilege]).fetchone()
    return row is not None and row[0] is True


def _apply_patiently(connection: psycopg.Connection[Any], migration: Migration) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return _apply(connection, migration)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as held:
            if time.monotonic() > deadline:
                raise MigrationError(
                    f"Migration {migration.number:04} met a lock that somebody has held for an"
                    " hour. End what holds it (pg_stat_activity shows the oldest transaction), and"
                    " start again."
                ) from held
            log.warning(
                "migration %04d waits for a lock that somebody holds, such as a backup; it tries"
                " again, and nobody waits behind it",
                migration.number,
            )
            time.sleep(_PAUSE_SECONDS)


def _apply(connection: psycopg.Connection[Any], migration: Migration) -> None:
    with connection.transaction():
        connection.execute("set local search_path = public")
        connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'")
        connection.execute(cast(LiteralString, migration.text))
        connection.execute(
            "insert into public.schema_migrations values (%s, %s, %s, now())",
            [migration.number, f"{migration.stage}_{migration.name}", migration.checksum],
        )
