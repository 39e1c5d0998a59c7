"""Secrets: tokens that only their holder knows, and encryption under the service's secret key."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True, slots=True)
class Secret:
    """An opaque token of 256 bits. The database stores `digest`; only the holder gets `text`."""

    text: str

    @classmethod
    def new(cls) -> "Secret":
        return cls(secrets.token_urlsafe(32))

    @property
    def digest(self) -> bytes:
        """SHA-256: enough for 256 random bits, which cannot be guessed."""
        return sha256(self.text.encode()).digest()

    def __repr__(self) -> str:
        return "Secret(…)"


class Sealer:
    """Encrypts data that readers of the database must not be able to read.

    AES-256-GCM (NIST SP 800-38D) under a key derived from the service's secret key; the random
    96-bit nonce comes first. `purpose` is authenticated: decrypting for another purpose, or with
    another key, raises ValueError. The first key encrypts; `previous` ones still decrypt.
    """

    def __init__(self, secret_key: str, *previous: str) -> None:
        self._ciphers = [_cipher(key) for key in (secret_key, *previous)]
        self.key_id = key_id(secret_key)
        """Which key seals."""
        self.key_ids = [key_id(key) for key in (secret_key, *previous)]
        """The ids of the keys that decrypt; the first one encrypts."""

    def seal(self, plain: bytes, *, purpose: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._ciphers[0].encrypt(nonce, plain, purpose)

    def open(self, box: bytes, *, purpose: bytes) -> bytes:
        for cipher in self._ciphers:
            with suppress(InvalidTag):
                return cipher.decrypt(box[:12], box[12:], purpose)
        raise ValueError("encrypted with another key or for another purpose")


def key_id(secret_key: str) -> str:
    """The id of a secret key: the same in every process, without revealing the key."""
    return sha256(b"tenantry.key-id.1\0" + secret_key.encode()).hexdigest()[:16]


def _cipher(secret_key: str) -> AESGCM:
    return AESGCM(sha256(b"tenantry.sealer.1\0" + secret_key.encode()).digest())
