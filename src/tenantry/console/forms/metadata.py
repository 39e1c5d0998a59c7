"""Metadata in a form: rows of keys and values."""

from collections.abc import Mapping

from tenantry.console.forms.form import Form
from tenantry.console.texts.languages import mark
from tenantry.kit.text import is_line, is_visible

_BAD_KEY = mark("Use a different key of 1 to 40 characters on one line.")
_BAD_VALUE = mark("Use at most 500 characters.")
_MOST_KEYS = 50
_SPARE_ROWS = 3


def metadata_rows(metadata: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """A row for each key, and some empty ones: number, key, value."""
    spare = min(_SPARE_ROWS, _MOST_KEYS - len(metadata))
    pairs = [*sorted(metadata.items()), *[("", "")] * spare]
    return [(number, key, value) for number, (key, value) in enumerate(pairs)]


def metadata_in(form: Form) -> dict[str, str]:
    """Rows without a key are ignored."""
    metadata = dict[str, str]()
    for number in range(_MOST_KEYS):
        key, value = form.raw(f"key-{number}").strip(), form.raw(f"value-{number}")
        if not key:
            continue
        if len(key) > 40 or not is_line(key) or not is_visible(key) or key in metadata:
            form.errors[f"key-{number}"] = _BAD_KEY
        if len(value) > 500:
            form.errors[f"value-{number}"] = _BAD_VALUE
        # Browsers end lines as mail does (HTML, "constructing the entry list").
        metadata[key] = value.replace("\r\n", "\n")
    return metadata
