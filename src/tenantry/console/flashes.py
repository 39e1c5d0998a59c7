"""What the next page says of what was just done: kept by the browser for a moment, signed by us."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

_PURPOSE = b"tenantry.said.1\0"
_MAC = 32
# What a cookie holds is bounded: a long name is cut, and the sentence stays whole.
_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Flash:
    """A sentence in English, and what is put into it."""

    text: str
    values: dict[str, str] = field(default_factory=dict[str, str])


def sealed(flash: Flash, holder: str) -> str:
    """The flash as a cookie holds it, good for this holder alone."""
    values = {name: _cut(value) for name, value in flash.values.items()}
    content = urlsafe_b64encode(orjson.dumps([flash.text, values])).decode().rstrip("=")
    return _mac(content, holder) + content


def opened(cookie: str, holder: str) -> Flash | None:
    """The flash that we gave this holder; None for whatever else the cookie holds."""
    mac, content = cookie[:_MAC], cookie[_MAC:]
    if not holder or not hmac.compare_digest(mac, _mac(content, holder)):
        return None
    text, values = _read(content)
    return Flash(text, values)


def _read(content: str) -> Any:
    return orjson.loads(urlsafe_b64decode(content + "=" * (-len(content) % 4)))


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"


def _mac(content: str, holder: str) -> str:
    key = sha256(_PURPOSE + holder.encode()).digest()
    return hmac.digest(key, content.encode(), "sha256").hex()[:_MAC]
