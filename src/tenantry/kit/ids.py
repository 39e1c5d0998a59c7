"""Ids: UUIDv7 in the database (RFC 9562, section 5.7), TypeID on the wire (`org_01h…`)."""

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

import uuid_utils
from typeid import base32
from uuid_utils.compat import uuid7

SUFFIX_PATTERN = "[0-7][0-9a-hjkmnp-tv-z]{25}"


class Kind(StrEnum):
    """The type of an id; its value is the prefix on the wire."""

    USER = "user"
    ORGANIZATION = "org"
    WORKSPACE = "ws"
    ROLE = "role"
    MEMBERSHIP = "mem"
    INVITATION = "inv"
    EVENT = "evt"
    SESSION = "ses"
    API_KEY = "key"
    SERVICE_ACCOUNT = "sa"
    SERVICE_KEY = "svk"
    EMAIL = "email"

    @property
    def pattern(self) -> str:
        return f"^{self.value}_{SUFFIX_PATTERN}$"


def first_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 of a millisecond: ids created earlier sort before it."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62)


def new_id() -> UUID:
    """A new UUIDv7: ids created later sort later."""
    return uuid7()


def new_hex() -> str:
    """A new id as 32 hexadecimal digits, for values that no table stores."""
    return uuid_utils.uuid7().hex


def show(kind: Kind, identity: UUID) -> str:
    return kind + "_" + _encoded(identity)


def parse(kind: Kind, text: str) -> UUID | None:
    """The UUID of a wire id; None if its prefix, alphabet or length is wrong."""
    prefix, _, suffix = text.rpartition("_")
    # 26 characters of five bits make 130: a first character above 7 would be cut off silently.
    if prefix != kind or len(suffix) != 26 or not "0" <= suffix[0] <= "7":
        return None
    return _decoded(suffix)


def show_plain(kind: Kind, digits: str) -> str:
    """The wire id of 32 hexadecimal digits, with or without hyphens."""
    return f"{kind}_{base32.encode(bytes.fromhex(digits.replace('-', '')))}"


def parse_plain(kind: Kind, text: str) -> str | None:
    """The UUID of a wire id as 32 hexadecimal digits; None as for `parse`."""
    prefix, _, suffix = text.rpartition("_")
    if prefix != kind or len(suffix) != 26 or not "0" <= suffix[0] <= "7":
        return None
    try:
        return bytes(base32.decode(suffix)).hex()
    except (RuntimeError, UnicodeEncodeError):
        return None


# Cached, because a few ids of active users and organizations are parsed again and again.
@lru_cache(maxsize=16_384)
def _encoded(identity: UUID) -> str:
    return base32.encode(identity.bytes)


@lru_cache(maxsize=16_384)
def _decoded(suffix: str) -> UUID | None:
    try:
        return UUID(bytes=bytes(base32.decode(suffix)))
    except (RuntimeError, UnicodeEncodeError):  # not an ASCII character; a lone surrogate
        return None
