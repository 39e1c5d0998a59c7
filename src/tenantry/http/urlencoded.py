"""Unambiguous queries and forms (application/x-www-form-urlencoded)."""

from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"


class DuplicateField(ValueError):
    """A name appears twice."""


def fields_of(text: str, most: int) -> dict[str, str]:
    """At most `most` fields, by name. DuplicateField; ValueError if they cannot be read."""
    pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=most)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise DuplicateField
    return fields
