"""The wheels of the service and of its Python client hold all the files that their code needs,
and do without the source."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients/python"
_STARTS = """
import sys
from pathlib import Path
import tenantry
from tenantry.schema import SCHEMA
from tenantry.api.docs import document
assert Path(tenantry.__file__).is_relative_to(sys.argv[1]), tenantry.__file__
print(len(SCHEMA.functions), b'"/api/v1/organizations"' in document(""))
"""


# Isolated (-I): nothing of the environment or of this folder comes before the wheel.
_IMPORTS = """
import sys
sys.path.insert(0, sys.argv[1])
from importlib.metadata import distribution
from pathlib import Path
import tenantry_client
import tenantry_client.fastapi
for module in (tenantry_client, tenantry_client.fastapi):
    assert Path(module.__file__).is_relative_to(sys.argv[1]), module.__file__
with tenantry_client.Tenantry("https://tenantry.test") as client:
    assert callable(client.access.check)
assert callable(tenantry_client.fastapi.require)
found = distribution("tenantry-client")
assert Path(found.locate_file("")) == Path(sys.argv[1]), found.locate_file("")
print(found.version, "fastapi" in found.metadata.get_all("Provides-Extra"))
"""


def _unpacked(project: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def _files(package: Path) -> set[str]:
    return {
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what an installation of the wheel brings."""
    return _unpacked(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of the client's."""
    return _unpacked(CLIENT, tmp_path_factory.mktemp("client"))


def test_the_wheel_has_every_file_of_the_package(unpacked: Path) -> None:
    packed = _files(unpacked / "tenantry")
    assert packed == _files(ROOT / "src/tenantry") | {"api/static/openapi.json"}
    assert any(name.endswith(".sql") for name in packed)
    assert any(name.endswith(".html") for name in packed)


def test_the_service_is_put_together_from_the_wheel_alone(unpacked: Path) -> None:
    functions = len(list((ROOT / "src/tenantry/schema/functions").glob("*.sql"))) + 1
    said = subprocess.run(
        [sys.executable, "-c", _STARTS, str(unpacked)],
        env={**os.environ, "PYTHONPATH": f"{unpacked}:{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [str(functions), "True"]


def test_the_container_builds_the_wheel_from_what_it_copies(tmp_path: Path) -> None:
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (ROOT / "Containerfile").read_text(), re.M)
    for name in " ".join(copied).split():
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    installed = _unpacked(tmp_path, tmp_path / "built")
    assert (installed / "tenantry/api/static/openapi.json").exists()


def test_the_client_s_wheel_has_every_file_and_says_that_it_is_typed(client: Path) -> None:
    packed = _files(client / "tenantry_client")
    assert packed == _files(CLIENT / "src/tenantry_client")
    assert {"py.typed", "fastapi.py"} <= packed


def test_the_client_is_imported_from_its_wheel_alone(client: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-I", "-c", _IMPORTS, str(client)],
        cwd=client,
        capture_output=True,
        text=True,
        check=True,
    )
    declared = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]["version"]
    assert said.stdout.split() == [declared, "True"]
