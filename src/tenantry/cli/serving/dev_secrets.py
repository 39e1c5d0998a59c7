"""Generated keys of `tenantry dev`, kept in its home; production refuses them."""

import os
import secrets
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from tenantry.cli.errors import CannotStart
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.embedded.process import Lock

# Part of every generated key, so that `serve` recognizes a copy.
DEVELOPMENT_MARK = "tenantry-development-only"

_TICK = 0.02
"""Seconds between two attempts to take the lock."""


@contextmanager
def exclusive_home(home: Path) -> Generator[None]:
    """Wait until no other process prepares the home. CannotStart if it cannot be written.

    The lock ends with its process.
    """
    try:
        home.mkdir(
            parents=True, exist_ok=True
        )  # not private: if we are root, PostgreSQL runs as another user
        lock = Lock(home / "preparing.lock") if sys.platform != "win32" else None
    except OSError as refused:
        raise CannotStart(
            f"Cannot use {home}: {refused.strerror}. Set TENANTRY_HOME to a folder that this user"
            " can write to."
        ) from refused
    try:
        while lock and not lock.take():
            time.sleep(_TICK)
        yield
    finally:
        if lock:
            lock.let_go()


def signing_keys(home: Path) -> SigningKeys:
    return SigningKeys.load(
        _load_or_create(home / "signing-keys.pem", lambda: f"# {DEVELOPMENT_MARK}\n" + _new_keys())
    )


def secret_key(home: Path) -> str:
    return _load_or_create(
        home / "secret-key", lambda: f"{DEVELOPMENT_MARK}-{secrets.token_urlsafe(32)}"
    )


def demo_password(home: Path) -> str:
    return _load_or_create(home / "demo-password", lambda: secrets.token_urlsafe(12))


def _new_keys() -> str:
    return SigningKeys.generate().dump()


def _load_or_create(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        draft = path.with_name(f"{path.name}.new")  # a killed process leaves no partial key
        draft.unlink(missing_ok=True)
        # Created with its mode, so that others can never read it.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(make())
        draft.rename(path)
    return path.read_text("utf-8")
