"""Interfaces open no transaction: they run acts by the unit of work, which retries them."""

import re
from pathlib import Path

import tenantry

SOURCE = Path(tenantry.__file__).parent
OPENED = re.compile(r"database\.transaction\(")

OPENING = {
    "console/user_pages.py": "the console repeats the page",
    "platform/rate_limits/store.py": "its callers retry: hit_first, and sign_in the password check",
}


def test_nothing_but_the_unit_of_work_opens_a_transaction() -> None:
    """Use `UnitOfWork` in a request, `Database.run` elsewhere."""
    opening = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "postgres" not in path.relative_to(SOURCE).parts and OPENED.search(path.read_text())
    }
    assert opening == {*OPENING}
