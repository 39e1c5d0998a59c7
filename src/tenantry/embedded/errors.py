"""Errors of the embedded PostgreSQL, each of which says how to fix it."""

import errno
import re
import shutil
from pathlib import Path

from tenantry.embedded.names import HOME

OTHERWISE = "or set DATABASE_URL to a PostgreSQL of your own"

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_IN_WORDS = re.compile(
    r"No space left on device|Disk quota exceeded|File too large|Check free disk space"
)
_NAMELESS_USER = re.compile(r"could not look up effective user ID (\d+)")
_REMAINS_ROOT = "cannot become another user"
_FATAL = re.compile(r"(?:FATAL|PANIC|error): +(.*)")


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot run; the message says why and what to do about it."""


class EmbeddedNotYet(EmbeddedError):
    """The same for a temporary cause: starting again later may help."""


def from_system(error: OSError, home: Path) -> EmbeddedError:
    """An error of the operating system, with how to fix it."""
    place = error.filename or home
    if error.errno in _FULL:
        return _full(str(place))
    return EmbeddedError(
        f"Cannot use {place}: {error.strerror}. Give this user the folder {home}, "
        f"set {HOME} to a folder that it may write, {OTHERWISE}."
    )


def from_program(program: str, output: str, log: Path) -> EmbeddedError:
    """Why a program of PostgreSQL gave up, taken from what it said; `log` keeps the rest."""
    # A log on the same full disk may have had no room for a word.
    if _FULL_IN_WORDS.search(output) or shutil.disk_usage(log.parent).free == 0:
        return _full(str(log.parent))
    if nameless := _NAMELESS_USER.search(output):
        return EmbeddedError(
            f"PostgreSQL needs a user with a name, and user {nameless[1]} has none here. "
            f"Run as a user that this system knows, {OTHERWISE}."
        )
    if _REMAINS_ROOT in output:
        return EmbeddedError(
            "PostgreSQL does not run as root, and this root may not become another user. "
            f"Start as an ordinary user, {OTHERWISE}."
        )
    decisions = _FATAL.findall(output) or output.splitlines()[-1:] or ["it said nothing"]
    return EmbeddedError(
        f"{program} gave up: {decisions[0].strip()}. Fix that (its whole output is in {log}), "
        f"{OTHERWISE}."
    )


def _full(place: str) -> EmbeddedError:
    return EmbeddedNotYet(
        f"The disk or its quota is full at {place}. Free some space, "
        f"set {HOME} to a folder with more room, {OTHERWISE}."
    )
