"""A data folder: how it is created, and what it says about the server that uses it."""

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import NamedTuple

from tenantry.embedded.errors import OTHERWISE, EmbeddedError, from_program
from tenantry.embedded.log import Log
from tenantry.embedded.names import HOME, PRODUCT
from tenantry.embedded.ownership import give
from tenantry.embedded.process import Child, Launch, ask

SUPERUSER = "postgres"


class Notes(NamedTuple):
    """What a server wrote into `postmaster.pid`."""

    pid: int
    socket: Path
    status: str

    @property
    def accepts(self) -> bool:
        """Whether a process listens on the socket."""
        with socket.socket(socket.AF_UNIX) as caller:
            try:
                caller.connect(str(self.socket))
            except OSError:
                return False
            return True

    @property
    def ready(self) -> bool:
        """Whether the server has finished starting and takes connections."""
        return self.status == "ready" and self.accepts


def notes(data_folder: Path) -> Notes | None:
    """The notes of the last server that has not removed them; None if there are none, or half."""
    try:
        lines = (data_folder / "postmaster.pid").read_text().splitlines()
        status = lines[7].strip() if len(lines) > 7 else "starting"
        return Notes(abs(int(lines[0])), Path(lines[4]) / f".s.PGSQL.{lines[3]}", status)
    except (FileNotFoundError, IndexError, ValueError):
        return None


def program_of(data_folder: Path) -> Path:
    """The `postgres` that was last started on these data."""
    command = (data_folder / "postmaster.opts").read_text()
    return Path(command.split(' "')[0].strip())


def initdb(bindir: Path, version: str) -> list[str]:
    """The command that makes data in the folder named after it."""
    command = [str(bindir / "initdb"), f"--username={SUPERUSER}", "--encoding=UTF8"]
    command += ["--auth=reject", "--auth-local=trust", "--data-checksums", "--locale=C"]
    if int(version.split(".")[0]) >= 17:
        # Upper and lower case of all of Unicode, and an order that no system update changes.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*command, "--no-instructions", "-D"]


def create(data_folder: Path, launch: Launch, log: Log) -> None:
    """Run that command; the folder appears whole or not at all, even if we are killed."""
    parent, prefix = data_folder.parent, f"{data_folder.name}.new-"
    for leftover in parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover)
    fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        give(fresh, launch.account)
        _run_to_its_end(launch._replace(command=[*launch.command, str(fresh)]), log)
        fresh.rename(data_folder)
        _sync(parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _run_to_its_end(launch: Launch, log: Log) -> None:
    child = Child(launch)
    try:
        child.wait()
    finally:
        child.stop()
    if child.code != 0:
        raise from_program("initdb", log.said(), log.path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_usable(data_folder: Path) -> None:
    """EmbeddedError if the folder has other contents than a PostgreSQL's data."""
    if (data_folder / "PG_VERSION").exists() or not data_folder.exists():
        return
    if not data_folder.is_dir() or any(data_folder.iterdir()):
        raise EmbeddedError(
            f"{data_folder} holds something else than PostgreSQL's data. Move it away, "
            f"set {HOME} to another folder, {OTHERWISE}."
        )


def forget_the_dead(data_folder: Path) -> None:
    """Remove a stale `postmaster.pid` whose number is another process by now.

    The caller holds both locks of the home, so no server of ours is alive. PostgreSQL itself
    recovers if no process has the number; if one has it, as after the restart of a container, it
    would refuse. If another program started a server here, EmbeddedError.
    """
    path = data_folder / "postmaster.pid"
    if not path.exists():
        return
    found = notes(data_folder)
    if found is None:
        path.unlink()
    elif _is_alive(found.pid):
        if _is_server_of(found.pid, data_folder):
            raise EmbeddedError(
                f"Another PostgreSQL (process {found.pid}), which {PRODUCT} did not start, uses "
                f"{data_folder}. Stop that one (kill -INT {found.pid}), {OTHERWISE}."
            )
        path.unlink()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False  # of another user, it cannot be a server on a folder that is ours
    return True


def _is_server_of(pid: int, data_folder: Path) -> bool:
    """Whether a PostgreSQL server has that number and, where it can be told, that folder."""
    its = Path("/proc", str(pid))
    try:
        if not its.exists():
            return (ask("ps", "-p", str(pid), "-o", "comm=") or "").endswith("postgres")
        is_postgres = (its / "comm").read_text().strip() in ("postgres", "postmaster")
        return is_postgres and (its / "cwd").samefile(data_folder)
    except OSError:
        return False
