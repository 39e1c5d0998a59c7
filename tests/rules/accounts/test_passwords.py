"""Which passwords are good enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.accounts.model import WeakPassword
from tenantry.accounts.rules import acceptable_password
from tests.cast import PASSWORD


def accept(password: str, *known: str) -> None:
    """Refuses, or not."""
    acceptable_password(password, pointer="#/password", known=list(known))


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
    assert "guessed" in told["detail"]
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
