"""The languages of pages: English where the words stand, others by their catalogs."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from markupsafe import Markup, escape

from tenantry.kit.languages import DEFAULT_LOCALE, accepted, best

NAMES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""Every language of pages by its tag, in its own words."""

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
_MOMENTS = {"en": "{day} {month} {year}, {time} UTC", "de": "{day}. {month} {year}, {time} UTC"}
_KEYS = {tag: tag for tag in NAMES}


def mark(text: str) -> str:
    """Mark a message for extraction into the catalogs; it is translated when it is shown."""
    return text


class Translator:
    """What a page says, in one language.

    Translator are plain text, and whatever is put into them is escaped, save what a template made.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalog = catalog(language)

    def __call__(self, text: str, **values: object) -> Markup:
        """A sentence; in English where this language has none."""
        said = escape(self._catalog.get(text, text))
        return said.format(**values) if values else said

    def plural(self, one: str, many: str, n: int, **values: object) -> Markup:
        """The same for `n` of a thing. English and German tell one from all others."""
        return self(one if n == 1 else many, n=n, **values)

    def datetime(self, moment: datetime) -> str:
        """A point in time."""
        utc = moment.astimezone(UTC)
        month = _MONTHS[self.language].split(" ")[utc.month - 1]
        return _MOMENTS[self.language].format(
            day=utc.day, month=month, year=utc.year, time=f"{utc:%H:%M}"
        )


def translator_for(chosen: str, header: str) -> Translator:
    """The words of the language that somebody chose, or else the best of Accept-Language."""
    return Translator(best([chosen, *accepted(header)], _KEYS))


@cache
def catalog(language: str) -> Mapping[str, str]:
    """Everything that a language says, by what it is in English; nothing for English itself."""
    said = dict[str, str]()
    for file in catalog_files(language):
        said.update(tomllib.loads(file.read_text(encoding="utf-8")))
    return said


def catalog_files(language: str) -> list[Traversable]:
    """The files of a language: one for each screen, so that none is in another's way."""
    if language == DEFAULT_LOCALE:
        return []
    folder = resources.files("tenantry.console").joinpath("words", language)
    return sorted(folder.iterdir(), key=lambda file: file.name)
