"""Secrets: tokens that only their holder knows, and boxes that only this service opens."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True, slots=True)
class Secret:
    """An opaque token of 256 bits. The database keeps `digest`; `text` goes to its holder alone."""

    text: str

    @classmethod
    def new(cls) -> "Secret":
        """A fresh random token."""
        return cls(secrets.token_urlsafe(32))

    @property
    def digest(self) -> bytes:
        """SHA-256: enough for 256 random bits, which nobody can guess."""
        return sha256(self.text.encode()).digest()

    def __repr__(self) -> str:
        return "Secret(…)"


class Sealer:
    """Seals what must lie in the database for a while unreadable to those who see the database.

    AES-256-GCM (NIST SP 800-38D) under a key derived from the service's secret key; the random
    96-bit nonce stands in front. `purpose` is authenticated: a box opened for another purpose, or
    under another key, raises ValueError.
    """

    def __init__(self, secret_key: str) -> None:
        self._cipher = AESGCM(sha256(b"tenantry.sealer.1\0" + secret_key.encode()).digest())

    def seal(self, plain: bytes, *, purpose: bytes) -> bytes:
        """The sealed box."""
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, plain, purpose)

    def open(self, box: bytes, *, purpose: bytes) -> bytes:
        """What was sealed."""
        try:
            return self._cipher.decrypt(box[:12], box[12:], purpose)
        except InvalidTag as broken:
            raise ValueError("the box was sealed by another key or for another purpose") from broken
