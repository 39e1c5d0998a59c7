"""Where data, programs and socket are, so that the account PostgreSQL runs as can reach them.

An ordinary user has all of it in the home. Root's own folders are often closed to others, and no
folder that is not ours is opened up: what must be reached then moves to `OURS`.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tenantry.embedded.errors import OTHERWISE, EmbeddedError
from tenantry.embedded.names import NAME
from tenantry.embedded.ownership import account_for, closed_folder, give, may_run, name_of
from tenantry.embedded.process import Account

OURS = Path("/var/lib", NAME)
"""Root's own, and passable for all; made when it is first needed."""

LONGEST_SOCKET = 103
"""Bytes of a socket's path that every system takes (`sun_path`, without its closing zero)."""


class DataLocation(NamedTuple):
    """Where the data of a home are, and whose; with a notice if that is not in the home."""

    account: Account
    data_folder: Path
    notice: str | None = None

    def with_notice(self, notification: str | None) -> "DataLocation":
        """The same place, with another sentence in its notice."""
        sentences = [each for each in (self.notice, notification) if each]
        return self._replace(notice=" ".join(sentences) or None)


def holds_data(home: Path) -> bool:
    """Whether a database was made in this home; asking makes none."""
    inside, away = _data_folders(home.expanduser().resolve())
    try:
        return any((folder / "PG_VERSION").exists() for folder in (inside, away))
    except PermissionError:
        return True  # somebody's: what may be done with it shows when it is started


def _data_folders(home: Path) -> tuple[Path, Path]:
    """Where the data are: in the home, or where root's home is closed to others."""
    return home / "postgres", OURS / _fingerprint(home) / "postgres"


def settle(home: Path) -> DataLocation:
    """Choose account and data folder for a home, the same for every start."""
    inside, away = _data_folders(home)
    account = account_for(inside, away, home)
    if os.geteuid() != 0:
        return DataLocation(account, inside)
    closed = closed_folder(home, account)
    if closed is None and (inside.exists() or not away.exists()):
        return DataLocation(account, inside)
    if inside.exists():
        raise EmbeddedError(
            f"The data in {inside} belong to {name_of(account)}, who may not pass through "
            f"{closed}. Move them to {away}, open that folder (chmod o+x), {OTHERWISE}."
        )
    _open_folder(away.parent)
    why = f", who may not pass through {closed}" if closed else ""
    notification = f"PostgreSQL runs as {name_of(account)}{why}; its data are in {away}."
    return DataLocation(account, away, notification)


def reachable(bindir: Path, account: Account) -> tuple[Path, str | None]:
    """The same programs where the account can run them, and a notice where that is a copy."""
    closed = _closed_to_run(bindir, account) if os.geteuid() == 0 else None
    if closed is None:
        return bindir, None
    if not (bindir.parent / "share").is_dir():
        raise EmbeddedError(
            f"{name_of(account)} cannot run PostgreSQL in {bindir}: {closed} is closed to others. "
            f"Open it (chmod o+rx), name another PostgreSQL, {OTHERWISE}."
        )
    copy = _copy_of(bindir)
    return copy, (
        f"PostgreSQL's programs were copied to {copy}, "
        f"because {closed} is closed to {name_of(account)}."
    )


def socket_folder(home: Path, account: Account) -> Path:
    """An empty folder of the account's own, closed to others, with a path short enough."""
    identity = home.stat()
    name = f"{NAME}-{_fingerprint(home, identity.st_dev, identity.st_ino, account.uid)}"
    for base in _bases(account):
        folder = base / name
        if len(os.fsencode(folder / ".s.PGSQL.5432")) > LONGEST_SOCKET:
            continue
        if not _is_ours(folder, account):
            folder = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir=base))
        give(folder, account)
        for leftover in folder.iterdir():
            leftover.unlink()
        return folder
    raise EmbeddedError(
        "No folder for temporary files is short and open enough for PostgreSQL's socket. "
        f"Set TMPDIR to one such as /tmp, {OTHERWISE}."
    )


def _fingerprint(*facts: object) -> str:
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:12]


def _open_folder(folder: Path) -> None:
    """Make `OURS` or a folder in it, passable for all whatever the umask."""
    for step in (OURS, folder):
        with suppress(FileExistsError):
            step.mkdir(parents=True)
            step.chmod(0o755)
    found = OURS.stat()
    if found.st_uid != 0 or found.st_mode & 0o022:
        raise EmbeddedError(
            f"{OURS} must be root's, and writable for root alone. Make it so (chown root {OURS}; "
            f"chmod 755 {OURS}), start as an ordinary user, {OTHERWISE}."
        )


def _closed_to_run(bindir: Path, account: Account) -> Path | None:
    # An installer may link every file into a cache elsewhere, such as one under root's home.
    program = (bindir / "postgres").resolve()
    for folder in (bindir, bindir.parent / "share", bindir.parent / "lib", program.parent):
        if folder.is_dir() and (closed := closed_folder(folder, account)):
            return closed
    return None if may_run(account, program) else program


def _copy_of(bindir: Path) -> Path:
    """A copy of the installation around `bindir`, made once for each build of it."""
    found = (bindir / "postgres").stat()
    _open_folder(OURS)
    target = OURS / f"binaries-{_fingerprint(bindir, found.st_size, found.st_mtime_ns)}"
    if not target.exists():
        fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=OURS))
        try:
            _copy_installation(bindir.parent, fresh)
            _move_in(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return target.joinpath(*bindir.parts[-3:])


def _copy_installation(installation: Path, into: Path) -> None:
    package = installation.parent
    shutil.copytree(
        installation,
        into / package.name / installation.name,
        ignore=shutil.ignore_patterns("include"),
    )
    # The wheel's programs look for their libraries there, by a path relative to their own.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, into / libraries.name)
    for folder, _, files in os.walk(into):
        Path(folder).chmod(0o755)
        for file in (Path(folder, name) for name in files):
            file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)


def _move_in(fresh: Path, target: Path) -> None:
    os.sync()
    try:
        fresh.rename(target)
    except OSError:
        if not target.exists():  # else another start was quicker with the same copy
            raise


def _bases(account: Account) -> Iterator[Path]:
    for base in (Path(tempfile.gettempdir()), Path("/", "tmp")):
        if _may_hold_a_socket(base, account):
            yield base
    if os.geteuid() == 0:
        _open_folder(OURS)
        yield OURS


def _may_hold_a_socket(base: Path, account: Account) -> bool:
    if os.geteuid() == 0:
        return closed_folder(base, account) is None
    return os.access(base, os.W_OK | os.X_OK)


def _is_ours(folder: Path, account: Account) -> bool:
    """Whether the folder is ours, now or since long; in a shared place anybody may take a name."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid in (os.geteuid(), account.uid)
