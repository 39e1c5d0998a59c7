"""What is not Tenantry's mission knows nothing of it: PostgreSQL access and the embedded server.

That they import nothing else of Tenantry is an import contract.
"""

import re
from pathlib import Path

import pytest

import tenantry

SOURCE = Path(tenantry.__file__).parent
IMPORT = re.compile(r"^from tenantry\.(postgres|embedded)\b.*$", re.M)
OURS = re.compile(r"organi[sz]ation|tenant|workspace|membership|invitation", re.I)

FILES = [
    path
    for package in ("postgres", "embedded")
    for path in sorted((SOURCE / package).rglob("*.py"))
    if path != SOURCE / "embedded/names.py"
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_it_has_no_word_of_the_service(path: Path) -> None:
    assert OURS.findall(IMPORT.sub("", path.read_text())) == []
