"""What development keeps in its home between starts: keys that production refuses."""

import os
import secrets
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from tenantry.cli.refusals import CannotStart
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.embedded.process import Lock

# Stands in every key that was made here, so that `serve` knows it again wherever it was copied to.
DEVELOPMENT_MARK = "tenantry-development-only"

_TICK = 0.02
"""Seconds between two looks at whether another start has ended its preparations."""


@contextmanager
def alone(home: Path) -> Generator[None]:
    """Prepare a home while no other start does: it waits. CannotStart where it cannot be written.

    The lock goes with its process, however that ends.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)  # open: as root, PostgreSQL must get in
        lock = Lock(home / "preparing.lock") if sys.platform != "win32" else None
    except OSError as refused:
        raise CannotStart(
            f"Cannot use {home}: {refused.strerror}. Set TENANTRY_HOME to a folder that this user"
            " may write."
        ) from refused
    try:
        while lock and not lock.take():
            time.sleep(_TICK)
        yield
    finally:
        if lock:
            lock.let_go()


def signing_keys(home: Path) -> SigningKeys:
    """The development signing keys, made at the first start."""
    return SigningKeys.load(
        _kept(home / "signing-keys.pem", lambda: f"# {DEVELOPMENT_MARK}\n" + _fresh_keys())
    )


def secret_key(home: Path) -> str:
    """The development secret key, made at the first start."""
    return _kept(home / "secret-key", lambda: f"{DEVELOPMENT_MARK}-{secrets.token_urlsafe(32)}")


def demo_password(home: Path) -> str:
    """The password of the demo sign-in, made at the first start."""
    return _kept(home / "demo-password", lambda: secrets.token_urlsafe(12))


def _fresh_keys() -> str:
    return SigningKeys.generate().dump()


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        draft = path.with_name(f"{path.name}.new")  # who is killed meanwhile leaves no half a key
        draft.unlink(missing_ok=True)
        # Opened with its mode, not changed afterwards: it is nobody else's for no moment.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(make())
        draft.rename(path)
    return path.read_text("utf-8")
