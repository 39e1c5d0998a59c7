"""Text that people give: what passes, and the one form in which it is kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.kit.text import (
    RESERVED_SLUGS,
    email_address,
    is_line,
    is_name,
    is_plain,
    is_slug,
    is_visible,
    slug_from,
    with_suffix,
)

CONTROL = [*range(0x20), *range(0x7F, 0xA0)]
INVISIBLE = [
    *("", " ", "\u00a0", "\u3000"),
    *("\u00ad", "\u034f", "\u115f", "\u1160", "\u180e", "\u200b", "\u200d", "\u2060", "\u2064"),
    *("\u2800", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\U000e0041", "\U000e01ef", "\U0001d159"),
]
"""Blanks, what Unicode lets no one draw, and what is drawn as nothing."""
SURROGATES = [0xD800, 0xDBFF, 0xDC00, 0xDFFF]


@pytest.mark.parametrize(
    "text", ["", "Ada", "größer", "日本語", "a\N{GRINNING FACE}b", "שלום", "~"]
)
def test_ordinary_text_is_plain_and_a_line(text: str) -> None:
    assert is_plain(text)
    assert is_line(text)


@pytest.mark.parametrize("code", [*CONTROL, *SURROGATES])
def test_control_characters_and_lone_surrogates_are_not_plain(code: int) -> None:
    text = f"a{chr(code)}b"
    assert is_plain(text) == (chr(code) in "\t\n\r")
    assert not is_line(text)


@pytest.mark.parametrize(
    "break_", ["\n", "\r", "\r\n", "\t", "\u2028", "\u2029", "\v", "\f", "\x85"]
)
def test_what_breaks_a_line_is_none(break_: str) -> None:
    assert not is_line(f"Acme{break_}Bcc: somebody@example.com")


@pytest.mark.parametrize("slug", ["ab", "a1", "11", "a-b", "a-b-c-1", "x" * 48, "ab" + "-c" * 23])
def test_a_slug_is_small_characters_digits_and_single_hyphens(slug: str) -> None:
    assert is_slug(slug)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "x" * 49,
        "-ab",
        "ab-",
        "a--b",
        "Ab",
        "a_b",
        "a.b",
        "a b",
        "a/b",
        "ab\n",
        "\nab",
        "äb",
        "a\N{ARABIC-INDIC DIGIT ONE}",
        "\N{FULLWIDTH LATIN SMALL LETTER A}b",
        "a\0b",
        "a\u00adb",
    ],
)
def test_anything_else_is_no_slug(text: str) -> None:
    assert not is_slug(text)


@given(st.text(max_size=120))
def test_every_name_gives_a_valid_slug_that_is_not_reserved(name: str) -> None:
    for slug in (slug_from(name), with_suffix(slug_from(name))):
        assert is_slug(slug)
        assert slug not in RESERVED_SLUGS


@pytest.mark.parametrize("word", sorted(RESERVED_SLUGS))
def test_a_reserved_word_gets_a_suffix(word: str) -> None:
    assert is_slug(word)
    assert slug_from(word.upper()).startswith(f"{word}-")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme", "acme"),
        ("  Acme, Inc.  ", "acme-inc"),
        ("Müller & Söhne", "muller-sohne"),
        ("\N{LATIN SMALL LIGATURE FI}ne", "fine"),
        ("A -- B", "a-b"),
        ("Straße", "strasse"),
        ("Øst & Ærø", "ost-aero"),
        ("Łódź", "lodz"),
        ("Москва", "moskva"),
        ("北京", "beijing"),
        ("A\N{COMBINING DIAERESIS}pfel", "apfel"),
        ("👍 Team", "thumbsup-team"),
    ],
)
def test_a_slug_is_made_from_the_name(name: str, slug: str) -> None:
    assert slug_from(name) == slug


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_cannot_be_seen_is_no_name(text: str) -> None:
    for blank in (text, f" {text}\u200b ", text * 3):
        assert not is_visible(blank)
        assert not is_name(blank)
    assert is_name(f"{text}A{text}") == is_line(text)


@pytest.mark.parametrize(
    "text", ["A", "1", "?", "é", "日", "😀", "𝄞", "~", "\N{COMBINING ACUTE ACCENT}"]
)
def test_what_can_be_seen_is_a_name(text: str) -> None:
    assert is_name(text)
    assert is_name(text * 100)
    assert not is_name(text * 101)


def test_every_character_that_is_no_mark_and_has_no_shape_is_known() -> None:
    """By Unicode's own data: spaces and format characters, save those that are drawn."""
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    shapeless = [
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Zs", "Zl", "Zp", "Cf") and code not in drawn
    ]
    assert [each for each in shapeless if is_visible(each)] == []


def test_two_suffixes_of_one_slug_differ() -> None:
    made = {with_suffix("acme") for _ in range(100)}
    assert len(made) == 100
    assert all(slug.startswith("acme-") and len(slug) == 11 for slug in made)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.Lovelace@EXAMPLE.Com", "ada.lovelace@example.com"),
        ("ada+list@example.com", "ada+list@example.com"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("ada@exämple.de", "ada@xn--exmple-cua.de"),
        ("ada@EXÄMPLE.de", "ada@xn--exmple-cua.de"),
        ("ada@xn--exmple-cua.de", "ada@xn--exmple-cua.de"),
        ("ada@\N{FULLWIDTH LATIN SMALL LETTER E}xample.com", "ada@example.com"),
        ("ada@shop.test", "ada@shop.test"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert email_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@@example.com",
        "ada@example",
        "ada@localhost",
        "ada@-example.com",
        "ada@example..com",
        "ada@example.com.",
        "ada@[127.0.0.1]",
        "ada@127.0.0.1",
        ".ada@example.com",
        "ada.@example.com",
        "ada..b@example.com",
        '"ada b"@example.com',
        "ada b@example.com",
        "äda@example.com",
        "ada(comment)@example.com",
        "Ada <ada@example.com>",
        "ada@example.com,bob@example.com",
        " ada@example.com",
        "ada@example.com ",
        "ada@example.com\n",
        "ada@example.com\r\nBcc: bob@example.com",
        "ada\0@example.com",
        "ada@example.com\0",
        "ada\ud800@example.com",
        "ada@exa\ud800mple.com",
        "a" * 65 + "@example.com",
        "ada@" + "a" * 64 + ".com",
        "ada@" + "a.b" * 84 + ".com",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert email_address(text) is None


@given(st.one_of(st.text(max_size=300), st.emails()))
def test_the_one_form_is_plain_short_and_stays_as_it_is(text: str) -> None:
    address = email_address(text)
    if address is not None:
        assert address.isascii()
        assert is_line(address)
        assert len(address) <= 254
        assert email_address(address) == address
        assert email_address(address.upper()) == address
