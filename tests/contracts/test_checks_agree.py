"""Check, batch, explanation, permissions, "who can" and the routes' own entrances say the same of
scenes by chance, and what a small model says."""

from pathlib import Path

from tests.contracts.checks.running import compare
from tests.contracts.machine.world import world
from tests.support.postgres import TestPostgres


def test_whatever_is_said_of_access_is_the_same_and_as_the_model_has_it(
    postgres: TestPostgres, tmp_path: Path
) -> None:
    """The long form is in docs/reliability.md."""
    with world(postgres, tmp_path) as made:
        counted = compare(made, comparisons=16_000, seed=11)

    assert counted["allowed"] > 400
    ways = ("batch", "single", "authorization")
    for way in (*ways, *(f"key's {each}" for each in ways), "holdings", "who can"):
        assert counted[way] > 50
