"""`tenantry migrate`: updates the schema, as its owner."""

from contextlib import ExitStack

from tenantry.cli.provision import connections_of
from tenantry.schema import migrate
from tenantry.settings import Settings


def run(settings: Settings) -> None:
    owner = settings.migration_database_url
    with ExitStack() as stack:
        url = owner.get_secret_value() if owner else connections_of(settings, stack).owner
        applied = migrate(url)
    for part in applied:
        print(f"applied {part.name}")
    print("The schema is up to date.")
