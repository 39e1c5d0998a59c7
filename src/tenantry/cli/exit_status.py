"""How a command exits: with success, or with a sentence on stderr and an exit status.

The status is 2 if something has to change first, and 75 (`EX_TEMPFAIL`) if the cause may be
temporary, such as a database that starts later at boot: a service manager then tries again.
"""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

import psycopg
import typer

from tenantry.cli.errors import CannotStart, CannotStartYet
from tenantry.embedded.server import EmbeddedError, EmbeddedNotYet
from tenantry.postgres.failures import DatabaseOverloaded, DatabaseUnavailable
from tenantry.postgres.migrator import MigrationError
from tenantry.settings import Settings, SettingsError

_REFUSED, _TRY_AGAIN = 2, 75


def run(command: Callable[[Settings], None]) -> None:
    os.environ.setdefault("PGAPPNAME", "tenantry")  # who we are in pg_stat_activity
    try:
        command(Settings.load(os.environ))
    except (CannotStartYet, EmbeddedNotYet) as refused:
        refuse(str(refused), _TRY_AGAIN)
    except (CannotStart, SettingsError, EmbeddedError, MigrationError) as refused:
        refuse(str(refused))
    except (psycopg.OperationalError, DatabaseUnavailable, DatabaseOverloaded) as away:
        why = " ".join(str(away).split()).rstrip(".")
        refuse(
            f"The database cannot be reached: {why}. Start it, or correct DATABASE_URL (for its"
            " owner, TENANTRY_MIGRATION_DATABASE_URL).",
            _TRY_AGAIN,
        )


def refuse(message: str, status: int = _REFUSED) -> NoReturn:
    print(f"tenantry: {message}", file=sys.stderr)
    raise typer.Exit(status)
