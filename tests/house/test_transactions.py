"""Whoever opens a transaction has it done again after a deadlock: by `Database.run`, or by name."""

import re
from pathlib import Path

import tenantry

SOURCE = Path(tenantry.__file__).parent
OPENED = re.compile(r"\bdatabase\.transaction\(")

WRAPPED = {
    "api/context.py": "run_entered repeats it",
    "api/pipeline.py": "each is repeated where it is called",
    "console/guests.py": "the door repeats the page",
    "console/operating_guests.py": "the door repeats the page",
    "rates/store.py": "Meter.count_first repeats it, and sign_in the look at the password",
}


def test_no_transaction_is_opened_that_nobody_repeats() -> None:
    """A new place calls `Database.run`; where that cannot be, it is named here with who repeats."""
    opening = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "database" not in path.relative_to(SOURCE).parts and OPENED.search(path.read_text())
    }
    assert opening == {*WRAPPED}
