"""`tenantry migrate`: the schema, brought up to date by its owner."""

from contextlib import ExitStack

from tenantry.cli.provision import connections_of
from tenantry.postgres.migrator import migrate
from tenantry.settings import Settings


def run(settings: Settings) -> None:
    """Apply what is missing; says what was done."""
    owner = settings.migration_database_url
    with ExitStack() as stack:
        url = owner.get_secret_value() if owner else connections_of(settings, stack).owner
        applied = migrate(url)
    for migration in applied:
        print(f"applied {migration.number:04} {migration.name}")
    print("The schema is up to date.")
