"""Programs that say that they are PostgreSQL's: somebody else's, real, and of no use."""

from pathlib import Path


def program(path: Path, does: str) -> None:
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)


def programs(folder: Path, version: str, *, initdb: str = "exit 1") -> Path:
    """A folder with an `initdb` and a `postgres` of that version, by their own account."""
    bindir = folder / "installation" / "bin"
    bindir.mkdir(parents=True)
    program(bindir / "initdb", initdb)
    program(bindir / "postgres", f"echo 'postgres (PostgreSQL) {version}'")
    return bindir
