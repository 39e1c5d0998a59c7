"""Sources of an issuer's public keys, and one of them: a file."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from tenantry.credentials.tokens.verification_keys import (
    VerificationKey,
    VerificationKeys,
    parse_key_set,
)
from tenantry.kit.refusals import Refusal

log = logging.getLogger("tenantry.authz")

LARGEST_SET = 256 * 1024
LOOKED_AT_AFTER = 1.0
"""Seconds after which a file is checked again."""


class IssuerUnavailable(Refusal):
    """No key of an issuer was ever fetched, and they cannot be fetched now."""

    code = "issuer_unavailable"
    detail = "The signing keys of the token's issuer cannot be reached. Try again shortly."


class KeySet(Protocol):
    """A source of an issuer's keys."""

    async def find(self, kid: str) -> Sequence[VerificationKey]:
        """The keys with this `kid`; empty if the issuer has none. IssuerUnavailable."""
        ...

    async def read(self) -> VerificationKeys:
        """All keys, read now. OSError or ValueError says why they cannot be read."""
        ...

    def still_lists(self, key: VerificationKey) -> bool:
        """Whether the issuer has this key, without waiting for an answer.

        False also if the last answer is too old: `find` then reads the keys again.
        """
        ...

    async def close(self) -> None: ...


class FileKeySet:
    """Keys in a file, which is read again when it has changed."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        """OSError or ValueError if the file has no key set."""
        self._path = path
        self._clock = clock
        self._looked_at = clock()
        self._seen: tuple[int, int, int] = self._state()
        self._keys: VerificationKeys = self._read()

    async def find(self, kid: str) -> Sequence[VerificationKey]:
        """The keys with this `kid`. If the file becomes unreadable, the known keys stay."""
        self._look()
        return self._keys.get(kid, ())

    def still_lists(self, key: VerificationKey) -> bool:
        """Whether the file has this key, checked within the last second."""
        if self._clock() - self._looked_at >= LOOKED_AT_AFTER:
            self._look()
        return key in self._keys.get(key.kid, ())

    async def read(self) -> VerificationKeys:
        """All keys of the file. OSError; ValueError if it is not a key set."""
        return self._read()

    async def close(self) -> None:
        """Nothing to release."""

    def _look(self) -> None:
        self._looked_at = self._clock()
        try:
            state = self._state()
            if state != self._seen:
                self._keys, self._seen = self._read(), state
        except (OSError, ValueError) as broken:
            why = type(broken).__name__
            log.warning("key set %s cannot be read, keeping the previous one: %s", self._path, why)

    def _state(self) -> tuple[int, int, int]:
        status = self._path.stat()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> VerificationKeys:
        with self._path.open("rb") as file:
            text = file.read(LARGEST_SET + 1)
        if len(text) > LARGEST_SET:
            raise ValueError("the key set is too large")
        return parse_key_set(text, source=str(self._path))
