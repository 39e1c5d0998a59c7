"""Homes for each test: new ones, and ones in which there are data already."""

import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tenantry.embedded import placement
from tenantry.embedded.server import start
from tests.support import processes


@pytest.fixture
def open_folder() -> Generator[Path]:
    """A folder that everybody may pass through."""
    with processes.open_folder() as folder:
        yield folder


@pytest.fixture(autouse=True)
def no_litter(open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary files, such as the socket folder of a killed owner, go with the test."""
    monkeypatch.setenv("TMPDIR", str(open_folder))
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.fixture
def new_home(open_folder: Path) -> Path:
    """A home that is not there yet, in a folder open to all."""
    return open_folder / "home"


@pytest.fixture(scope="package")
def template() -> Generator[Path]:
    """A home whose data have been made, and which was stopped."""
    with processes.open_folder() as folder:
        start(folder / "home").stop()
        yield folder / "home"


@pytest.fixture
def home(new_home: Path, template: Path) -> Path:
    """A home of the test's own, in which there are data already."""
    subprocess.run(["cp", "-a", template, new_home], check=True)
    (new_home / "postgres.log").unlink()
    return new_home


@pytest.fixture
def ours(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for what must move out of root's own; not the usual one, where others live."""
    folder = open_folder / "ours"
    monkeypatch.setattr(placement, "OURS", folder)
    return folder
