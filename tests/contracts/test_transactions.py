"""Interfaces open no transaction, count no rate and write no SQL: they run use cases."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tenantry

SOURCE = Path(tenantry.__file__).parent
OPENED = re.compile(r"\bdatabase\.(transaction|run)\(")

OPENING = {
    "platform/rate_limits/store.py": "its callers retry: hit_first, and sign_in the password check",
}
HANDLED = ("api/v1", "console")
TYPES = {"Tx", "Result", "UnitOfWork", "UnscopedReader", "Executor"}
REPORTED = {
    "console/operator/pages.py": "shows how the database is",
}


def test_nothing_but_the_unit_of_work_opens_a_transaction() -> None:
    """Use `UnitOfWork` in a request, `Database.run` elsewhere."""
    opening = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "postgres" not in path.relative_to(SOURCE).parts
        and "database.transaction(" in path.read_text()
    }
    assert opening == {*OPENING}


def handlers() -> Iterator[str]:
    for folder in HANDLED:
        for path in sorted((SOURCE / folder).rglob("*.py")):
            yield str(path.relative_to(SOURCE))


@pytest.mark.parametrize("name", [*handlers()])
def test_handlers_and_pages_leave_transactions_and_rates_to_use_cases(name: str) -> None:
    text = (SOURCE / name).read_text()
    assert not OPENED.search(text)
    imported = [
        (node.module or "", each.name)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    ]
    assert not {what for what in imported if what[1] in ("policies", "repeated")}
    if name not in REPORTED:
        assert {
            symbol for module, symbol in imported if module.startswith("tenantry.postgres")
        } <= TYPES
