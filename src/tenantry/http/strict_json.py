"""Strict JSON (RFC 8259, and I-JSON of RFC 7493): unambiguous, bounded, and safe to store."""

import json
from collections.abc import Iterable
from math import isinf
from typing import Any, NoReturn, cast

from tenantry.http.failures import MalformedBody
from tenantry.kit.text import is_plain

DEEPEST = 32


class MalformedJson(MalformedBody):
    code = "malformed_json"
    detail = "The request body is not valid JSON."


def loads(body: bytes) -> Any:
    """Parse a body. MalformedJson, with the reason, if it is malformed or ambiguous.

    Refused: encodings other than UTF-8, NaN and infinities, duplicate keys, numbers of enormous
    length, nesting deeper than `DEEPEST`, NUL, control characters and lone surrogates.
    """
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise MalformedJson("The request body is not UTF-8.") from None
    except RecursionError:
        raise MalformedJson(f"JSON may be nested {DEEPEST} levels deep.") from None
    except ValueError:
        raise MalformedJson from None
    _inspect(value, 1)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedJson("An object has the same key twice.")
    return members


def _no_constant(_: str) -> NoReturn:
    raise MalformedJson("NaN and infinities are not valid JSON.")


def _finite(text: str) -> float:
    number = float(text)
    return _no_constant(text) if isinf(number) else number


# Shared: `json.loads` with hooks creates a decoder for each body, which is slower than parsing.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
)


def _inspect(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if not is_plain(value):
            raise MalformedJson("A string contains a control character or a lone surrogate.")
    elif isinstance(value, dict):
        members = cast(dict[str, Any], value)
        _inspect_all((*members, *members.values()), depth)
    elif isinstance(value, list):
        _inspect_all(cast(list[Any], value), depth)


def _inspect_all(values: Iterable[Any], depth: int) -> None:
    if depth > DEEPEST:
        raise MalformedJson(f"JSON may be nested {DEEPEST} levels deep.")
    for each in values:
        _inspect(each, depth + 1)
