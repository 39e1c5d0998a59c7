"""A walk by chance through the life of organizations is answered as a small model foretells."""

from pathlib import Path

from tests.contracts.machine.running import run
from tests.contracts.machine.world import world
from tests.support.postgres import TestPostgres


def test_every_answer_is_foretold_and_every_invariant_holds(
    postgres: TestPostgres, tmp_path: Path
) -> None:
    """Fails, foretelling `last_admin`, where the last Admin may go: tried. The long form is in
    docs/reliability.md."""
    with world(postgres, tmp_path) as made:
        run(made, walks=10, length=60, seed=4)
        assert made.steps > 250
        assert made.said[""] > 150
