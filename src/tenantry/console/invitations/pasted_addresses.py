"""Pasting: addresses as people have them at hand, in lines, lists, or copied from a letter."""

import re

_PIECES = re.compile(r"[\n\r,;]+")
_NAMED = re.compile(r"<([^<>]*@[^<>]*)>")


def addresses_in(text: str) -> list[str]:
    """What may be an address, each once, in its order; whether it is one is not judged here.

    `Nora <nora@example.com>` (RFC 5322, 3.4) is the address between the brackets; what has no
    brackets is parted at blanks.
    """
    found = list[str]()
    for piece in _PIECES.split(text):
        found.extend(_NAMED.findall(piece) or piece.split())
    return list(dict.fromkeys(each.strip() for each in found if each.strip()))
