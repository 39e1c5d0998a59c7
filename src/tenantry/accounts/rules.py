"""Which passwords are good enough, and which tokens still count."""

from datetime import datetime

from zxcvbn import zxcvbn

from tenantry.accounts.model import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    AccountToken,
    TokenSpent,
    WeakPassword,
)
from tenantry.kit.refusals import NotFound

# zxcvbn takes time that grows with the square of the length; the end of a long one adds nothing.
_JUDGED = 64
_GUESSABLE = 1


def acceptable_password(password: str, *, pointer: str, known: list[str]) -> None:
    """Refuse a password by its length, or since it would be guessed soon (NIST SP 800-63B, 3.1.1).

    `known` are words that somebody who knows the person would try: their name, their address.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword(
            pointer,
            f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; spaces are welcome.",
        )
    guesses = zxcvbn(password[:_JUDGED], user_inputs=known, max_length=_JUDGED)
    if guesses["score"] <= _GUESSABLE:
        raise WeakPassword(
            pointer, "This password would be guessed soon. Several unrelated words make a good one."
        )


def usable(token: AccountToken | None, purpose: str, now: datetime) -> AccountToken:
    """The token, where it is good for this purpose; NotFound or TokenSpent otherwise."""
    if token is None or token.purpose != purpose:
        raise NotFound
    if token.used_at is not None or token.expires_at <= now:
        raise TokenSpent
    return token
