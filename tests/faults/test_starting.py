"""Two servers start at once where the schema is old: each part is applied once, and both serve."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tenantry.schema import SCHEMA, migrate
from tests.cli.commands import Running
from tests.faults.environment import Stage, stage


def test_two_servers_that_start_at_once_bring_an_old_schema_up_to_date() -> None:
    with stage(migrated=False) as made, ExitStack() as stack:
        migrate(made.connections.owner)
        everything = applied(made)
        with made.patient.admin() as admin:
            admin.execute("drop function directory.oldest_queued_email")
            admin.execute("update schema_parts set checksum = '' where name like 'functions/o%'")
        old = applied(made)

        def start(_: int) -> Running:
            owner = made.connections.owner
            settings = made.serving(
                TENANTRY_AUTO_MIGRATE="1", TENANTRY_MIGRATION_DATABASE_URL=owner
            )
            return stack.enter_context(settings)

        with ThreadPoolExecutor(2) as starters:
            services = list(starters.map(start, range(2)))
        assert [service.is_ready for service in services] == [True, True]
        assert applied(made) == everything != old
        assert SCHEMA.missing((*row, SCHEMA.release) for row in everything) == []


def applied(made: Stage) -> list[tuple[str, str]]:
    """The parts that have been applied, and their checksums."""
    with made.patient.admin() as admin:
        return admin.execute("select name, checksum from schema_parts order by 1").fetchall()
