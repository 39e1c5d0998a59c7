"""Homes for `tenantry dev`."""

import signal
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cli.commands import running
from tests.cli.demo import Demo
from tests.support import processes


@pytest.fixture
def open_folder() -> Generator[Path]:
    """A folder that everybody may pass through."""
    with processes.open_folder() as folder:
        yield folder


@pytest.fixture(scope="package")
def first_start() -> Generator[Demo]:
    """`tenantry dev`, started where there was nothing."""
    with (
        processes.open_folder() as folder,
        running("dev", settings={"TENANTRY_HOME": str(folder / "home")}) as started,
    ):
        yield Demo(started, folder / "home")


@pytest.fixture(scope="package")
def stopped() -> Generator[Demo]:
    """`tenantry dev` in which somebody made an organization of theirs, ended by SIGTERM."""
    with processes.open_folder() as folder:
        home = folder / "home"
        with running("dev", settings={"TENANTRY_HOME": str(home)}) as started:
            demo = Demo(started, home)
            demo.found("Lived In")
            demo.end(signal.SIGTERM)
            yield demo


@pytest.fixture
def home(stopped: Demo, open_folder: Path) -> Path:
    """A copy of that home, for one test."""
    copy = open_folder / "home"
    subprocess.run(["cp", "-a", stopped.home, copy], check=True)
    return copy
