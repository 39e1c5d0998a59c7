"""Language tags (BCP 47): the languages of a reader, and the best match among ours."""

import re
from collections.abc import Iterable, Mapping

DEFAULT_LOCALE = "en"
"""The language of organizations that chose none, and the fallback for all readers."""

LOCALE_PATTERN = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
"""Language, script and region; longer tags are not needed for localization."""
_LOCALE = re.compile(LOCALE_PATTERN.strip("^$"))
TAG = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
# No reader ranks more languages than fit in here; the rest of a hostile header is ignored.
_LONGEST_HEADER = 400
_RANGE = re.compile(
    rf"\s*({TAG.pattern})\s*(?:;\s*[qQ]=(0(?:\.[0-9]{{0,3}})?|1(?:\.0{{0,3}})?)\s*)?"
)


def is_locale(text: str) -> bool:
    return _LOCALE.fullmatch(text) is not None


def accepted(header: str) -> tuple[str, ...]:
    """The languages of an Accept-Language header (RFC 9110, section 12.5.4), the preferred first.

    Malformed languages and `*` are ignored.
    """
    ranges = map(_RANGE.fullmatch, header[:_LONGEST_HEADER].split(","))
    weighted = [(each[1], float(each[2] or 1)) for each in ranges if each]
    weighted.sort(key=lambda pair: -pair[1])
    return tuple(tag for tag, weight in weighted if weight)


def best(wanted: Iterable[str], available: Mapping[str, str]) -> str:
    """The first wanted language that is available (RFC 4647, section 3.4: `de-AT` finds `de`).

    `available` has lowercase tags as keys. If none matches, the default.
    """
    for tag in wanted:
        parts = tag.lower().split("-")
        while parts:
            found = available.get("-".join(parts))
            if found is not None:
                return found
            parts.pop()
    return DEFAULT_LOCALE
