"""Which passwords are good enough, at what cost; and in which form they are kept."""

import cProfile
import random
from contextlib import suppress
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.identity.accounts.model import LONGEST_PASSWORD, WeakPassword
from tenantry.identity.accounts.rules import ensure_acceptable_password, normalized, spellings
from tests.support.cast import PASSWORD


def accept(password: str, *known: str) -> None:
    """Refuses, or not."""
    ensure_acceptable_password(password, pointer="#/password", known=list(known))


def refusal(password: str, *known: str) -> WeakPassword:
    """Why this one is refused."""
    with pytest.raises(WeakPassword) as refused:
        accept(password, *known)
    return refused.value


@given(st.text(max_size=11) | st.text(min_size=257, max_size=400))
def test_no_password_outside_of_the_bounds_is_taken(password: str) -> None:
    (told,) = refusal(password).errors
    assert told["pointer"] == "#/password"
    assert "12 to 256" in told["detail"]


@pytest.mark.parametrize(
    "password",
    ["password1234", "aaaaaaaaaaaaaaaa", "qwertyuiop12", "123456789012", "abcabcabcabc"],
)
def test_what_would_be_guessed_soon_is_refused(password: str) -> None:
    (told,) = refusal(password).errors
    assert "easy to guess" in told["detail"]
    assert password not in told["detail"]


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "kreuz und quer durch den wald",
        "тихие фонари плывут",
        "七つの静かな灯籠が漂う夜に",
        "  spaces at both ends, too  ",
        "🦉🌲🪵🍄🦊🌧️🪨🌊🍂🐌🪶🌙",
        f"{PASSWORD} " * 8,
    ],
)
def test_any_script_and_spaces_are_welcome(password: str) -> None:
    accept(password)


def test_what_those_who_know_the_person_would_try_is_refused() -> None:
    email = "ottoline.winterbottom@example.com"
    refusal(email, email, "Ottoline Winterbottom")
    refusal("winterbottom1", email, "winterbottom")


@pytest.mark.parametrize("length", [12, 256])
def test_both_bounds_are_inside(length: int) -> None:
    accept((f"{PASSWORD}; nineteen purple kites over the estuary " * 6)[:length])


@pytest.mark.parametrize(
    "password",
    ["{email}1", "1{email}", "{email}{email}", "OTTOLINE.winterbottom@EXAMPLE.com!", "{name} 1234"],
)
def test_what_is_known_of_a_person_adds_nothing_however_long(password: str) -> None:
    email, name = "ottoline.winterbottom@example.com", "Ottoline Winterbottom"
    refusal(password.format(email=email, name=name), email, name)
    accept(f"{email} and seven green kites", email, name)


@pytest.mark.parametrize("beginning", ["a" * 40, "12" * 20, "password" * 5])
def test_a_password_is_as_good_as_the_better_of_its_ends(beginning: str) -> None:
    refusal(beginning)
    accept(f"{beginning} seven green kites, no wind")
    accept(f"seven green kites, no wind at all {beginning}")


SYMBOLS = "4@8({[<3691!|70$5+%2"
_chance = random.Random(7)
HOSTILE = [
    SYMBOLS * 13,
    "".join(_chance.choices(SYMBOLS, k=LONGEST_PASSWORD)),
    "".join(_chance.choices(SYMBOLS, k=LONGEST_PASSWORD // 2)) * 2,
    "".join(_chance.choices(SYMBOLS, k=16)) * 16,
    "".join(_chance.choices(SYMBOLS + "aelot", k=LONGEST_PASSWORD)),
    "12" * 128,
    "1212121212121212121212121212121212121-1212121272121212121312123/12" * 3,
    "11111991" * 32,
    "1.1.1991." * 28,
    "p4$$w0rd" * 32,
]


@pytest.mark.parametrize("password", HOSTILE)
def test_no_password_costs_more_to_judge_than_a_bound(password: str) -> None:
    """Counted as what zxcvbn looks up, which is what it costs: 64 characters, symbols read in all
    of its own ways, were 747 searches of 14,560 look-ups each."""
    profile = cProfile.Profile()
    with suppress(WeakPassword):
        profile.runcall(ensure_acceptable_password, password[:256], pointer="#/password", known=[])
    profile.create_stats()
    searches = sum(
        calls for (_, _, name), (calls, *_) in profile.stats.items() if name == "dictionary_match"
    )
    assert 0 < searches <= 120
    assert sum(calls for calls, *_ in profile.stats.values()) < 60_000


@pytest.mark.parametrize(
    "password", ["p4$$w0rd1234", "pa55word1234", "P@ssw0rd12345", "drowssap4321"]
)
def test_the_usual_substitutions_make_no_password_better(password: str) -> None:
    refusal(password)


@given(st.text(max_size=40))
def test_every_composition_of_a_password_is_kept_in_one_form(password: str) -> None:
    composed, decomposed = normalize("NFC", password), normalize("NFD", password)
    assert normalized(composed) == normalized(decomposed) == normalized(password)
    assert spellings(password)[0] == password
    assert normalized(password) in spellings(decomposed)
    assert composed in spellings(decomposed)


def test_a_plain_password_is_tried_in_one_form_alone() -> None:
    assert spellings(PASSWORD) == [PASSWORD]


def test_what_is_too_long_for_a_password_is_not_normalized() -> None:
    """Ten seconds in which the process did nothing else, for one sign-in by no one: tried."""
    hostile = "a" + "\u0301" * 40_000 + "\u0327" * 40_000
    assert (spellings(hostile), normalized(hostile)) == ([hostile], hostile)


def test_the_longest_password_may_be_typed_in_its_longest_spelling() -> None:
    password = "\u1f82" * LONGEST_PASSWORD
    decomposed = normalize("NFD", password)
    assert len(decomposed) == 4 * LONGEST_PASSWORD
    assert password in spellings(decomposed)
