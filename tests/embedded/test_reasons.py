"""Why a PostgreSQL program failed: its own words, or better ones where there is a fix."""

from pathlib import Path

import pytest

from tenantry.embedded.errors import from_program
from tests.embedded.home_under_test import refusal
from tests.embedded.programs import programs


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("initdb: error: could not look up effective user ID 54321: no such user", "user 54321"),
        ("error: cannot become another user: Operation not permitted", "may not become another"),
        ("FATAL:  could not extend file: No space left on device", "Free some space"),
        ("one thing\nFATAL:  another thing\nDETAIL:  more", "gave up: another thing."),
        ("no verdict\nbut a last line", "gave up: but a last line."),
        ("", "gave up: it said nothing."),
    ],
)
def test_what_it_said_is_told_with_a_fix(open_folder: Path, says: str, told: str) -> None:
    message = str(from_program("initdb", says, open_folder / "postgres.log"))
    assert told in message
    assert "DATABASE_URL" in message


def test_an_initdb_that_fails_is_quoted_and_leaves_nothing_half_made(
    new_home: Path, open_folder: Path
) -> None:
    bindir = programs(open_folder, "18.4", initdb="echo 'initdb: error: no luck today' >&2; exit 1")
    assert "initdb gave up: no luck today." in refusal(new_home, bindir=bindir)
    assert not any(new_home.glob("postgres*/"))
