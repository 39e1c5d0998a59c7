"""`tenantry backup`: a consistent dump of the whole database."""

import os
from contextlib import ExitStack
from pathlib import Path
from subprocess import DEVNULL

import psycopg

from tenantry.cli.errors import CannotStart
from tenantry.cli.maintenance.postgres_programs import connected_program
from tenantry.cli.provision import DATABASE, SUPERUSER, ensure_database_exists
from tenantry.embedded.server import start
from tenantry.settings import Settings


def backup(settings: Settings, file: Path) -> None:
    """Write a consistent dump into a file. CannotStart if it would be incomplete."""
    if file.exists():
        raise CannotStart(f"{file} exists already: name another file.")
    with ExitStack() as stack:
        url = _source(settings, stack)
        major = _ensure_sees_everything(url)
        draft = file.with_name(f"{file.name}.part")
        draft.unlink(missing_ok=True)
        try:
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as refused:
            raise CannotStart(
                f"{draft} cannot be written ({refused.strerror}): name another folder."
            ) from refused
        stack.callback(draft.unlink, missing_ok=True)
        options = ("--format=custom", f"--file={draft}")
        with connected_program("pg_dump", major, url, options, stdin=DEVNULL) as dump:
            dump.ensure_succeeded()
        draft.rename(file)
    print(f"Everything is in {file}. Keep TENANTRY_SECRET_KEY and TENANTRY_SIGNING_KEYS too.")


def _source(settings: Settings, stack: ExitStack) -> str:
    ensure_database_exists(settings)
    if settings.database_url is None:
        server = start(settings.home)
        stack.callback(server.stop)
        return server.dsn(SUPERUSER, DATABASE)
    chosen = settings.backup_database_url or settings.migration_database_url
    return (chosen or settings.database_url).get_secret_value()


def _ensure_sees_everything(url: str) -> int:
    """The server's major version. CannotStart if row security hides rows from the login."""
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
