"""A statement: SQL that is prepared once per connection, and the encoding of its parameters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2s
from typing import Any, Generic, overload
from uuid import UUID

import orjson
from typing_extensions import TypeVar

R = TypeVar("R", default=Any)
"""The type of a statement's rows."""

TEXT, BINARY = 0, 1
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

Encoded = tuple[list[bytes | None], list[int]]


@dataclass(frozen=True, slots=True)
class Json:
    """Marks a list as a parameter of type jsonb; other lists are sent as arrays."""

    value: Any


class Statement(Generic[R]):
    """SQL with `$1`-style parameters; compared by identity, so keep it as a module constant.

    `row_type` is the type of its rows: a dataclass or NamedTuple whose fields are named like the
    columns, or the type of the only column (`postgres/rows.py`).
    """

    __slots__ = ("name", "row_type", "sql", "text")

    @overload
    def __init__(self: "Statement[tuple[Any, ...]]", sql: str) -> None: ...
    @overload
    def __init__(self, sql: str, row_type: type[R]) -> None: ...
    def __init__(self, sql: str, row_type: type[Any] = tuple) -> None:
        self.sql = sql
        self.row_type = row_type
        # The name is derived from the text: behind a pooler, two processes may share a server
        # connection, and a name must never mean two statements.
        self.name = f"t_{blake2s(sql.encode(), digest_size=9).hexdigest()}".encode()
        self.text = sql.encode()

    def __call__(self, *parameters: Any) -> "BoundStatement[R]":
        return BoundStatement(self, parameters)


@dataclass(slots=True, eq=False)
class BoundStatement(Generic[R]):
    """A statement with its parameters, ready to be sent.

    Not frozen, because creating a frozen object takes three times as long, and a request may create
    a dozen.
    """

    statement: Statement[R]
    parameters: tuple[Any, ...]

    def encoded(self) -> Encoded:
        """The parameters and their formats. ValueError if a text contains NUL."""
        values: list[bytes | None] = []
        formats: list[int] = []
        for value in self.parameters:
            if type(value) is UUID:
                values.append(value.int.to_bytes(16))
                formats.append(BINARY)
            elif type(value) is datetime:
                values.append(_moment(value))
                formats.append(BINARY)
            else:
                values.append(None if value is None else _ENCODERS[type(value)](value))
                formats.append(TEXT)
        return values, formats


def encoded(value: Any) -> str:
    """A value as a parameter of type jsonb, for callers that need its length."""
    return _json(value).decode()


def _text(value: str) -> bytes:
    encoded = value.encode()
    # libpq passes text parameters as C strings: a NUL would silently cut the rest off.
    if b"\0" in encoded:
        raise ValueError("a text parameter contains NUL")
    return encoded


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)  # which escapes NUL


def _moment(value: datetime) -> bytes:
    """Microseconds since 2000, PostgreSQL's own format, so it need not parse a date."""
    since = value - _EPOCH
    seconds = since.days * 86_400 + since.seconds
    return (seconds * 1_000_000 + since.microseconds).to_bytes(8, signed=True)


def _array(values: Sequence[Any]) -> bytes:
    return b"{" + b",".join(map(_element, values)) + b"}"


def _element(value: Any) -> bytes:
    if value is None:
        return b"NULL"
    inner = _ENCODERS[type(value)](value)
    return b'"' + inner.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    bytes: lambda value: b"\\x" + value.hex().encode(),
    bool: lambda value: b"t" if value else b"f",
    int: lambda value: str(value).encode(),
    UUID: lambda value: str(value).encode(),
    datetime: lambda value: value.isoformat().encode(),
    dict: lambda value: _json(value),
    Json: lambda value: _json(value.value),
    list: _array,
    tuple: _array,
}
