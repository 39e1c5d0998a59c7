"""What development keeps in its home between starts: keys that production refuses."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from tenantry.access.keys import SigningKeys

# Stands in every key that was made here, so that `serve` knows it again wherever it was copied to.
DEVELOPMENT_MARK = "tenantry-development-only"


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
        # Opened with its mode, not changed afterwards: it is nobody else's for no moment.
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(make())
    return path.read_text("utf-8")
