"""Bearer keys: secrets of programs, with a recognizable format and a checksum.

A key is its prefix, 256 random bits and the CRC32 of both, in base 62. So scanners find leaked
keys, and a mistyped key is refused without a query.
"""

import secrets
from datetime import timedelta
from zlib import crc32

from tenantry.kit.secrets import Secret

FAMILY = "tnt_"
API_KEY, SERVICE_KEY = "tnt_sk_", "tnt_service_"
PATTERN = r"\btnt_(?:sk|service)_[0-9A-Za-z]{49}\b"
"""The pattern for secret scanners, also in docs/api-keys.md."""

OVERLAP = timedelta(days=1)
"""How long the previous secret of a rotated key keeps working, unless its manager says."""
LONGEST_OVERLAP = timedelta(days=7)

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECKSUM = 43, 6  # 62^43 is above 2^256, and 62^6 above 2^32
_LETTERS = frozenset(_ALPHABET)


def new_key(prefix: str) -> Secret:
    body = prefix + _base62(secrets.randbits(256), _RANDOM)
    return Secret(body + _checksum(body))


def recognised(text: str, prefix: str) -> Secret | None:
    """The key in a text; None if its prefix, length, alphabet or checksum is wrong."""
    if not text.startswith(prefix) or len(text) != len(prefix) + _RANDOM + _CHECKSUM:
        return None
    if not _LETTERS.issuperset(text[len(prefix) :]):
        return None
    return Secret(text) if _checksum(text[:-_CHECKSUM]) == text[-_CHECKSUM:] else None


def hint_of(key: Secret) -> str:
    """The part of a key that may be shown: its prefix and four characters."""
    prefix, _, body = key.text.rpartition("_")
    return f"{prefix}_{body[:4]}…"


def _checksum(body: str) -> str:
    return _base62(crc32(body.encode()), _CHECKSUM)


def _base62(number: int, length: int) -> str:
    digits = list[str]()
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
