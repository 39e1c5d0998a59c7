"""The wheel holds all that the service needs besides its code, and starts without the source."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
_STARTS = """
import sys
from pathlib import Path
import tenantry
from tenantry.database.migrator import migrations
from tests.house.openapi import document
assert Path(tenantry.__file__).is_relative_to(sys.argv[1]), tenantry.__file__
print(len(migrations()), '"/api/v1/organizations"' in document())
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what an installation of the wheel brings."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_has_every_file_of_the_package(unpacked: Path) -> None:
    source = ROOT / "src"
    kept = {
        str(path.relative_to(source))
        for path in (source / "tenantry").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = {
        str(path.relative_to(unpacked))
        for path in (unpacked / "tenantry").rglob("*")
        if path.is_file()
    }
    assert packed == kept
    assert any(name.endswith(".sql") for name in packed)
    assert any(name.endswith(".html") for name in packed)


def test_the_service_is_put_together_from_the_wheel_alone(unpacked: Path) -> None:
    steps = len(list((ROOT / "src/tenantry/database/migrations").glob("*.sql")))
    said = subprocess.run(
        [sys.executable, "-c", _STARTS, str(unpacked)],
        env={**os.environ, "PYTHONPATH": f"{unpacked}:{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [str(steps), "True"]
