"""Bearer keys are known at sight, and a mistyped one is refused before anybody looks it up."""

import re
from zlib import crc32

import pytest

from tenantry.kit.bearer_keys import API_KEY, PATTERN, SERVICE_KEY, hint_of, new_key, recognised

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("prefix", [API_KEY, SERVICE_KEY])
def test_every_key_is_recognised_and_found_by_scanners(prefix: str) -> None:
    for _ in range(200):
        key = new_key(prefix)
        assert recognised(key.text, prefix) == key
        assert re.findall(PATTERN, f'key = "{key.text}";') == [key.text]
        number = sum(_DIGITS.index(digit) * 62**at for at, digit in enumerate(key.text[:-7:-1]))
        assert number == crc32(key.text[:-6].encode())
        assert hint_of(key) == key.text[: len(prefix) + 4] + "…"
        assert key.text not in repr(key)


def test_no_key_passes_for_one_of_the_other_kind() -> None:
    key = new_key(API_KEY).text
    assert recognised(key, SERVICE_KEY) is None
    assert recognised(SERVICE_KEY + key.removeprefix(API_KEY), SERVICE_KEY) is None


def test_a_character_that_is_wrong_missing_or_too_many_is_noticed() -> None:
    key = new_key(API_KEY).text
    for at in range(len(API_KEY), len(key)):
        other = "a" if key[at] != "a" else "b"
        assert recognised(key[:at] + other + key[at + 1 :], API_KEY) is None
    for wrong in ("", API_KEY, key[:-1], f"{key}0", f"{key[:-1]}é", f" {key}", key.lower()):
        assert recognised(wrong, API_KEY) is None
