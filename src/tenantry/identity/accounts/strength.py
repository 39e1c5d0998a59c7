"""How easily a password can be guessed, at a bounded cost for every password."""

import re
from collections.abc import Sequence
from threading import Lock

from zxcvbn import matching, zxcvbn

JUDGED = 32
"""Characters rated at each end: zxcvbn's time grows with the square of the length."""

_GUESSABLE = 1
_SHORTEST_KNOWN = 4
# zxcvbn looks all substrings up once for each way in which symbols may replace characters. Its own
# table has 739 ways (2.8 s for 64 characters); the usual substitutions, kept here, have 12.
_LEET = {
    **{"a": ["4", "@"], "b": ["8"], "c": ["("], "e": ["3"], "g": ["9"], "i": ["1", "!"]},
    **{"l": ["1"], "o": ["0"], "s": ["$", "5"], "t": ["7"], "x": ["%"], "z": ["2"]},
}
matching.L33T_TABLE.clear()
matching.L33T_TABLE.update(_LEET)
# zxcvbn keeps the words about a person in a dictionary of its module, which all calls share.
_one_at_a_time = Lock()


def is_guessable(password: str, known: Sequence[str]) -> bool:
    """Whether both ends of the password take fewer than a million guesses, without `known`.

    `known` are words that somebody who knows the person would try first.
    """
    rest = _without(password, known)
    return all(_is_guessed_soon(end, known) for end in {rest[:JUDGED], rest[-JUDGED:]})


def _without(password: str, known: Sequence[str]) -> str:
    words = [re.escape(word) for word in known if len(word) >= _SHORTEST_KNOWN]
    return re.sub("|".join(words), "", password, flags=re.IGNORECASE) if words else password


def _is_guessed_soon(text: str, known: Sequence[str]) -> bool:
    if not text:
        return True
    with _one_at_a_time:
        judged = zxcvbn(text, user_inputs=list(known), max_length=JUDGED)
    return judged["score"] <= _GUESSABLE
