"""Flash messages: what the next page reports as done, in a signed cookie."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

_PURPOSE = b"tenantry.said.1\0"
_MAC = 32
# A cookie is bounded: long values are cut, so that the sentence stays whole.
_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Flash:
    """A marked message and the values of its placeholders."""

    text: str
    values: dict[str, str] = field(default_factory=dict[str, str])


def sealed(flash: Flash, holder: str) -> str:
    """The value of the cookie, valid for this holder only."""
    values = {name: _cut(value) for name, value in flash.values.items()}
    content = urlsafe_b64encode(orjson.dumps([flash.text, values])).decode().rstrip("=")
    return _mac(content, holder) + content


def opened(cookie: str, holder: str) -> Flash | None:
    """None if the cookie was not sealed for this holder."""
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
