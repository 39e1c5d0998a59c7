"""`tenantry backup` and `tenantry restore`: PostgreSQL's own dump, taken and brought back whole."""

import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenantry.cli.provision import DATABASE, SUPERUSER, connections_of
from tenantry.cli.refusals import CannotStart
from tenantry.database.embedded.binaries import find_client
from tenantry.database.embedded.server import start
from tenantry.database.migrator import DIRECTORY_ROLE, ensure_roles
from tenantry.settings import Settings


def backup(settings: Settings, file: Path) -> None:
    """Write everything into a file, as of one moment. CannotStart where it cannot be whole."""
    if file.exists():
        raise CannotStart(f"{file} is there already: name another file.")
    with ExitStack() as stack:
        url = _source(settings, stack)
        major = _must_see_everything(url)
        draft = file.with_name(f"{file.name}.part")
        draft.unlink(missing_ok=True)
        try:
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as refused:
            raise CannotStart(
                f"{draft} cannot be written ({refused.strerror}): name another folder."
            ) from refused
        stack.callback(draft.unlink, missing_ok=True)
        _run("pg_dump", major, url, "--format=custom", f"--file={draft}")
        draft.rename(file)
    print(f"Everything is in {file}. Keep TENANTRY_SECRET_KEY and TENANTRY_SIGNING_KEYS beside it.")


def restore(settings: Settings, file: Path) -> None:
    """Bring a backup back into an empty database, whole or not at all. CannotStart."""
    if not file.is_file():
        raise CannotStart(f"{file} is no file: name one that `tenantry backup` wrote.")
    if settings.database_url is not None and settings.migration_database_url is None:
        raise CannotStart(
            "TENANTRY_MIGRATION_DATABASE_URL is missing: set it to the owner of an empty database."
        )
    with ExitStack() as stack:
        owner = connections_of(settings, stack).owner
        with psycopg.connect(owner, autocommit=True) as connection:
            _must_be_empty(connection)
            ensure_roles(connection)
            major = connection.info.server_version // 10000
        options = ("--single-transaction", "--no-owner", str(file))
        _run("pg_restore", major, owner, *options)
        with psycopg.connect(owner) as connection:
            _hand_over_the_directory(connection)
    print("Everything is back. Run `tenantry migrate` if this release is newer than the backup.")


def _source(settings: Settings, stack: ExitStack) -> str:
    """The connection of who may see every row."""
    if settings.database_url is None:
        server = start(settings.home)
        stack.callback(server.stop)
        return server.dsn(SUPERUSER, DATABASE)
    chosen = settings.backup_database_url or settings.migration_database_url
    return (chosen or settings.database_url).get_secret_value()


def _must_see_everything(url: str) -> int:
    """Refuse a login whom row security would show nothing; the server's major version."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone()
        if row is None or not row[0]:
            raise CannotStart(
                "Row security would hide every tenant from this login, the owner's included. As a"
                " superuser: CREATE ROLE tenantry_backup LOGIN BYPASSRLS; GRANT pg_read_all_data TO"
                " tenantry_backup; then set TENANTRY_BACKUP_DATABASE_URL to it."
            )
        return connection.info.server_version // 10000


def _must_be_empty(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    found = connection.execute(
        "select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname in ('public', 'directory') limit 1"
    ).fetchone()
    if found is not None:
        raise CannotStart(
            "The database is not empty, and nothing is written over: make a new one, and point"
            " TENANTRY_MIGRATION_DATABASE_URL there (embedded: another TENANTRY_HOME)."
        )


def _hand_over_the_directory(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let its role own the functions that look across tenants, as migrations do."""
    role, schema = sql.Identifier(DIRECTORY_ROLE), sql.Identifier("directory")
    connection.execute(sql.SQL("grant create on schema {} to {}").format(schema, role))
    functions = connection.execute(
        "select proname from pg_proc where pronamespace = 'directory'::regnamespace and prosecdef"
    ).fetchall()
    for (name,) in functions:
        function = sql.Identifier("directory", str(name))
        connection.execute(sql.SQL("alter function {} owner to {}").format(function, role))
    connection.execute(sql.SQL("revoke create on schema {} from {}").format(schema, role))


class _Program(subprocess.Popen[str]):
    """One of PostgreSQL's. A password goes by its environment, which other users cannot see."""

    def __init__(self, name: str, major: int, url: str, options: Sequence[str]) -> None:
        parts = conninfo_to_dict(url)
        password = parts.pop("password", None)
        super().__init__(
            [
                *(find_client(name, major), "--no-password", *options),
                f"--dbname={make_conninfo('', **parts)}",
            ],
            env=os.environ | ({"PGPASSWORD": str(password)} if password else {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


def _run(name: str, major: int, url: str, *options: str) -> None:
    with _Program(name, major, url, options) as program:
        _, said = program.communicate()
    if program.returncode != 0:
        why = " ".join(said.split())[:500]
        raise CannotStart(f"{name} has failed, and nothing was kept: {why}")
