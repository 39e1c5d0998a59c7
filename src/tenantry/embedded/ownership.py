"""The account PostgreSQL runs as, what it may reach, and what is given to it."""

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from tenantry.embedded.errors import OTHERWISE, EmbeddedError
from tenantry.embedded.process import Account

if sys.platform != "win32":
    import pwd

_EXECUTE, _READ_AND_EXECUTE = 0o1, 0o5


def account_for(*places: Path) -> Account:
    """Ourselves; as root the first ordinary user to whom one of these belongs, or else nobody."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for place in places:
        with suppress(FileNotFoundError, KeyError):
            owner = place.stat().st_uid
            if owner != 0:
                return Account(owner, pwd.getpwuid(owner).pw_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and this system has no user `nobody` to run it as. "
            f"Start as an ordinary user, {OTHERWISE}."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def name_of(account: Account) -> str:
    try:
        return f"user {pwd.getpwuid(account.uid).pw_name}"
    except KeyError:
        return f"user {account.uid}"


def closed_folder(folder: Path, account: Account) -> Path | None:
    """The first folder on the way, itself included, that the account may not pass through."""
    for step in (*reversed(folder.parents), folder):
        if not _may(account, _EXECUTE, step.stat()):
            return step
    return None


def may_run(account: Account, program: Path) -> bool:
    """Whether the account may run this program, were it to get there."""
    return _may(account, _READ_AND_EXECUTE, program.stat())


def _may(account: Account, wish: int, found: os.stat_result) -> bool:
    # The mode bits alone: a list of further rights (ACL) is not asked, which errs towards no.
    if found.st_uid == account.uid:
        wish <<= 6
    elif found.st_gid == account.gid:
        wish <<= 3
    return found.st_mode & wish == wish


def require_owner(folder: Path, account: Account) -> None:
    """Refuse a folder that belongs to another account."""
    owner = folder.stat()
    if owner.st_uid != account.uid:
        other = name_of(Account(owner.st_uid, owner.st_gid))
        raise EmbeddedError(
            f"{folder} belongs to {other}, and PostgreSQL would run as {name_of(account)}. Start "
            f"as the first, give the folder and all in it to the second (chown -R), {OTHERWISE}."
        )


def give(folder: Path, account: Account) -> None:
    """Make a folder of ours the account's own, closed to everybody else (0700)."""
    # By descriptor: where somebody put a link in its place, nothing else is given away.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        found = os.fstat(descriptor)
        if stat.S_IMODE(found.st_mode) != 0o700:
            os.fchmod(descriptor, 0o700)
        if found.st_uid != account.uid:
            os.fchown(descriptor, account.uid, account.gid)
    except OSError as error:
        raise EmbeddedError(
            f"{folder} cannot be given to {name_of(account)}: {error.strerror}. "
            f"Start as an ordinary user, {OTHERWISE}."
        ) from error
    finally:
        os.close(descriptor)
