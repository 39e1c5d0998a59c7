"""Two servers start at once where the schema is old: each step is taken once, and both serve."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tenantry.postgres import migrator
from tests.cli.commands import Running
from tests.faults.stage import Stage, stage

OLD = 3
"""So many steps have been taken where the two arrive."""


@pytest.fixture
def old_schema(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of all steps; while this stands, only the first are taken in this process."""
    steps = migrator.migrations()
    monkeypatch.setattr(migrator, "migrations", lambda: steps[:OLD])
    return [each.number for each in steps]


def test_two_servers_that_start_at_once_bring_an_old_schema_up_to_date(
    old_schema: list[int],
) -> None:
    with stage(migrated=False) as made, ExitStack() as stack:
        migrator.migrate(made.connections.owner)

        def start(_: int) -> Running:
            owner = made.connections.owner
            settings = made.serving(
                TENANTRY_AUTO_MIGRATE="1", TENANTRY_MIGRATION_DATABASE_URL=owner
            )
            return stack.enter_context(settings)

        with ThreadPoolExecutor(2) as starters:
            services = list(starters.map(start, range(2)))
        assert [service.is_ready for service in services] == [True, True]
        assert applied(made) == old_schema


def applied(made: Stage) -> list[int]:
    """The steps that have been taken."""
    with made.patient.admin() as admin:
        rows = admin.execute("select number from schema_migrations order by number").fetchall()
    return [number for (number,) in rows]
