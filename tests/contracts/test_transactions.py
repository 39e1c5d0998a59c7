"""Interfaces open no transaction, count no rate and write no SQL: they run use cases."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tenantry

SOURCE = Path(tenantry.__file__).parent
OPENED = re.compile(r"\bdatabase\.(transaction|run)\(")

OPENED_BY_HAND = re.compile(r"\.transaction\(|\bOpenTransaction\b|import repeated\b")
HANDLED = ("api/v1", "console")
TYPES = {"Tx", "Result", "UnitOfWork", "UnscopedReader", "Executor"}
REPORTED = {
    "console/operator/pages.py": "shows how the database is",
}


def test_every_transaction_is_run_by_what_repeats_it() -> None:
    """Use `UnitOfWork` in a request, `Database.run` and `Database.run_after` elsewhere."""
    by_hand = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "postgres" not in path.relative_to(SOURCE).parts
        and OPENED_BY_HAND.search(path.read_text())
    }
    assert by_hand == set()


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
