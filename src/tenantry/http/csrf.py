"""Form tokens: only forms that this browser received can be posted (CSRF)."""

import hmac
import re
import secrets
from hashlib import sha256

_PURPOSE = b"tenantry.form.1\0"
_NONCE = 16
_TOKEN = re.compile(f"[0-9a-f]{{{2 * _NONCE}}}[0-9a-f]{{64}}")


def make(holder: str, about: str) -> str:
    """A form token for the holder of a secret and one subject; different each time.

    So it cannot be guessed byte by byte from the length of a compressed page (BREACH).
    """
    nonce = secrets.token_bytes(_NONCE)
    return nonce.hex() + _mac(holder, about, nonce)


def is_good(token: str, holder: str, about: str) -> bool:
    if not holder or _TOKEN.fullmatch(token) is None:
        return False
    nonce = bytes.fromhex(token[: 2 * _NONCE])
    return hmac.compare_digest(token[2 * _NONCE :], _mac(holder, about, nonce))


def _mac(holder: str, about: str, nonce: bytes) -> str:
    key = sha256(_PURPOSE + holder.encode()).digest()
    return hmac.digest(key, nonce + about.encode(), "sha256").hex()
