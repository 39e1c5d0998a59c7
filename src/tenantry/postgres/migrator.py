"""Brings a database to the schema of a release, forward only (docs/adr/0031)."""

import logging
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.resources.abc import Traversable
from typing import Any, LiteralString, NamedTuple, cast

import psycopg

from tenantry.postgres.statement import Statement

# Any number, as long as every server uses the same one.
_LOCK = 0x746E747279
_UPGRADE = re.compile(r"(\d+)\.(\d+)\.(\d+)_(\d+)_[a-z0-9_]+\.sql")

# While a migration waits for a lock, other transactions queue behind it. So each attempt is short,
# and a holder of the lock (a backup, a report) delays only the migration.
_LOCK_TIMEOUT = "150ms"
_PAUSE_SECONDS = 1.0
_PATIENCE_SECONDS = 3600.0

_BASELINE = "baseline"

log = logging.getLogger(__name__)


class AppliedPart(NamedTuple):
    """A part of the schema that a database has, and the release that applied it."""

    name: str
    checksum: str
    release: str


APPLIED = Statement("select name, checksum, release from schema_parts", AppliedPart)


class MigrationError(Exception):
    """The schema cannot be brought up to date; the message says how to fix it."""


@dataclass(frozen=True, slots=True)
class Part:
    """SQL that is recorded when it is applied: the baseline, an upgrade or a function."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """The SHA-256 of the text."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def is_function(self) -> bool:
        """Whether the text may be applied again when it changes."""
        return self.name.startswith("functions/")


@dataclass(frozen=True)
class Schema:
    """The schema of one release, read from a folder.

    - `roles.sql` runs before every migration, by itself.
    - `tables/*.sql` in order of name, then `policies.sql`, create an empty database: the baseline.
    - `upgrades/<release>_<number>_<what>.sql` lead from an earlier release's tables to these.
    - `functions/*.sql` create or replace one function each; `privileges.sql` runs after them.
    """

    folder: Traversable
    release: str

    @cached_property
    def baseline(self) -> Part:
        """All tables and policies, for an empty database."""
        texts = [*_texts(self.folder / "tables").values(), self._text("policies.sql")]
        return Part(_BASELINE, "\n".join(texts))

    @cached_property
    def upgrades(self) -> list[Part]:
        """The steps from the first baseline on, in the order of their releases and numbers."""
        texts = _texts(self.folder / "upgrades")
        return [Part(f"upgrades/{name}", texts[name]) for name in sorted(texts, key=_position)]

    @cached_property
    def functions(self) -> list[Part]:
        """Every function, and last their privileges."""
        texts = _texts(self.folder / "functions")
        functions = [Part(f"functions/{name}", text) for name, text in texts.items()]
        return [*functions, self.privileges]

    @property
    def privileges(self) -> Part:
        """The owners and privileges of the functions."""
        return Part("functions/privileges.sql", self._text("privileges.sql"))

    @property
    def roles(self) -> str:
        """Creates the roles that the schema needs, if the server lacks them."""
        return self._text("roles.sql")

    def missing(self, applied: Iterable[Sequence[Any]]) -> list[Part]:
        """The parts that a database lacks or has in an older version, given the rows of APPLIED.

        A part that a newer release has changed is not missing: that release supports this one.
        """
        known = {name: (checksum, release) for name, checksum, release in applied}
        return [
            part
            for part in (self.baseline, *self.upgrades, *self.functions)
            if part.name not in known or self._is_outdated(part, *known[part.name])
        ]

    def _is_outdated(self, part: Part, checksum: str, release: str) -> bool:
        return (
            part.is_function
            and checksum != part.checksum
            and _version(release) <= _version(self.release)
        )

    def _text(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


def _texts(folder: Traversable) -> dict[str, str]:
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return {file.name: file.read_text("utf-8") for file in files if file.name.endswith(".sql")}


def _position(name: str) -> list[int]:
    match = _UPGRADE.fullmatch(name)
    if match is None:
        raise MigrationError(f"upgrades/{name} is not named <release>_<number>_<what>.sql.")
    return [int(each) for each in match.groups()]


def _version(release: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", release)]


def migrate(conninfo: str, schema: Schema) -> list[Part]:
    """Apply the missing parts, as the owner; returns them.

    Safe to run twice, on several servers at once (they wait for each other), and while a service is
    running: a step that meets a lock gives up at once and tries again, for an hour. The baseline
    with all functions is one transaction, and so is each upgrade, and so are the functions after
    upgrades. MigrationError if a lock is held longer, an applied upgrade has changed since, the
    owner lacks a privilege, or an object of another origin has a name that the schema needs.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            return _apply_missing(connection, schema)
        except psycopg.errors.InsufficientPrivilege as refused:
            raise MigrationError(
                f"The owner may not do what the schema needs ({refused.diag.message_primary}). Make"
                " it the owner of the database and, as a superuser: ALTER ROLE … CREATEROLE, or"
                " create the roles of roles.sql and GRANT them TO it."
            ) from refused
        except psycopg.OperationalError:
            raise
        except psycopg.Error as failed:
            raise MigrationError(
                f"The schema could not be brought up to date ({failed.diag.message_primary}). The"
                " step that failed was undone: remove what is in its way, and start again."
            ) from failed


def ensure_roles(connection: psycopg.Connection[Any], schema: Schema) -> None:
    connection.execute(cast(LiteralString, schema.roles))


def _apply_missing(connection: psycopg.Connection[Any], schema: Schema) -> list[Part]:
    ensure_roles(connection, schema)
    connection.execute(
        "create table if not exists public.schema_parts (name text primary key,"
        " checksum text not null, release text not null, applied_at timestamptz not null)"
    )
    applied = connection.execute(APPLIED.text).fetchall()
    _ensure_unchanged(schema, applied)
    missing = schema.missing(applied)
    functions = [part for part in missing if part.is_function]
    if schema.baseline in missing:
        parts = [schema.baseline, *functions]
        _apply_patiently(connection, schema.release, parts, schema.upgrades)
        return parts
    for upgrade in missing:
        if not upgrade.is_function:
            _apply_patiently(connection, schema.release, [upgrade])
    if functions:
        changed = [each for each in functions if each != schema.privileges]
        _apply_patiently(connection, schema.release, [*changed, schema.privileges])
    return missing


def _ensure_unchanged(schema: Schema, applied: Iterable[Sequence[Any]]) -> None:
    known = {name: checksum for name, checksum, _ in applied}
    for upgrade in schema.upgrades:
        if known.get(upgrade.name, upgrade.checksum) != upgrade.checksum:
            raise MigrationError(
                f"{upgrade.name} was changed after it was applied here. Install the release that"
                " this database belongs to, or restore a backup."
            )


def _apply_patiently(
    connection: psycopg.Connection[Any],
    release: str,
    parts: Sequence[Part],
    included: Sequence[Part] = (),
) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return _apply(connection, release, parts, included)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as held:
            if time.monotonic() > deadline:
                raise MigrationError(
                    f"{parts[0].name} met a lock that has been held for an hour. End what holds it"
                    " (pg_stat_activity shows the oldest transaction), and start again."
                ) from held
            log.warning(
                "%s waits for a lock that another transaction holds, such as a backup;"
                " it tries again, and no request waits behind it",
                parts[0].name,
            )
            time.sleep(_PAUSE_SECONDS)


def _apply(
    connection: psycopg.Connection[Any],
    release: str,
    parts: Sequence[Part],
    included: Sequence[Part],
) -> None:
    """Apply the parts in one transaction, and record them and what they include."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("set local search_path = public")
        # Functions call each other, in whatever order their files are read.
        cursor.execute("set local check_function_bodies = off")
        cursor.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'")
        for part in parts:
            cursor.execute(cast(LiteralString, part.text))
        cursor.executemany(
            "insert into public.schema_parts values (%s, %s, %s, now())"
            " on conflict (name) do update set checksum = excluded.checksum,"
            " release = excluded.release, applied_at = excluded.applied_at",
            [(part.name, part.checksum, release) for part in (*parts, *included)],
        )
