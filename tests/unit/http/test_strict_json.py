"""JSON with one meaning: what has two, or cannot be stored, is refused."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenantry.http.strict_json import DEEPEST, MalformedJson, loads
from tenantry.kit.text import is_plain

_TEXT = st.text().filter(is_plain)
_SCALAR = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT
)
_JSON = st.recursive(
    _SCALAR,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_TEXT, inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None)
@given(_JSON)
def test_whatever_can_be_stored_is_read_as_it_was_written(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert loads(text.encode()) == value


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_be_refused(body: bytes) -> None:
    try:
        value = loads(body)
    except MalformedJson:
        return
    assert json.loads(body) == value


def test_it_may_be_nested_so_deep_and_no_deeper() -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        deepest = opening * DEEPEST + "1" + closing * DEEPEST
        assert json.dumps(loads(deepest.encode()), separators=(",", ":")) == deepest
        with pytest.raises(MalformedJson, match="32 levels"):
            loads((opening + deepest + closing).encode())


def test_nesting_without_end_is_refused_before_it_is_followed() -> None:
    for endless in (b"[" * 200_000, b'{"a":' * 200_000, b"[" * 200_000 + b"]" * 200_000):
        with pytest.raises(MalformedJson, match="levels deep"):
            loads(endless)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a": 1, "a": 1}', "same key twice"),
        (b'[{"a": 1, "\\u0061": 2}]', "same key twice"),
        (b"NaN", "NaN"),
        (b'{"a": -Infinity}', "NaN"),
        (b"[1e400]", "NaN"),
        (b'"\\u0000"', "control character"),
        (b'{"\\u0001": 1}', "control character"),
        (b'["\\ud800"]', "lone surrogate"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        ('"x"'.encode("utf-16"), "not UTF-8"),
        (b'\xef\xbb\xbf"x"', "not valid JSON"),
        (b"", "not valid JSON"),
        (b"01", "not valid JSON"),
        (b"'x'", "not valid JSON"),
        (b"[1,]", "not valid JSON"),
        (b"1 2", "not valid JSON"),
        (b"9" * 5000, "not valid JSON"),
        (b'"raw\nline"', "not valid JSON"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_with_the_reason(
    body: bytes, reason: str
) -> None:
    with pytest.raises(MalformedJson, match=reason):
        loads(body)


@pytest.mark.parametrize("text", ["a\tb", "a\r\nb", "🦊", "\U0010ffff", "é", "e\u0301"])
def test_lines_tabs_and_all_characters_pass(text: str) -> None:
    assert loads(json.dumps(text).encode()) == text
