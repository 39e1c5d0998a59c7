"""Languages of pages: English in code and templates, others in gettext catalogs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from tenantry.kit.languages import DEFAULT_LOCALE, accepted, best

# English dates as most of the world writes them: 31 January 2030.
_DATE_LOCALES = {DEFAULT_LOCALE: "en_GB"}


class Plural(NamedTuple):
    """A message that depends on a number: the forms for one and for other numbers."""

    one: str
    other: str


def mark(text: str) -> str:
    """Mark a message for extraction into the catalogs; it is translated when it is shown."""
    return text


def mark_plural(one: str, other: str) -> Plural:
    """Mark a message with a number `{n}` in it; `translate(message, n=…)` chooses the form."""
    return Plural(one, other)


class Translator:
    """Translates messages into one language.

    Messages are plain text. Values for their placeholders are escaped, unless they are Markup.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalog = _catalog(language)

    def __call__(self, message: str | Plural, **values: object) -> Markup:
        """The message in this language, or in English where the catalog lacks it."""
        if isinstance(message, Plural):
            return self.plural(*message, int(str(values.pop("n"))), **values)
        text = escape(self._catalog.gettext(message) if message else "")
        return text.format(**values) if values else text

    def plural(self, one: str, other: str, n: int, **values: object) -> Markup:
        """The form of a message for the number `n`, which its placeholder {n} shows."""
        return escape(self._catalog.ngettext(one, other, n)).format(n=n, **values)

    def datetime(self, moment: datetime) -> str:
        """A date and time of day in UTC."""
        utc = moment.astimezone(UTC)
        date = format_date(utc, "long", locale=_DATE_LOCALES.get(self.language, self.language))
        return f"{date}, {utc:%H:%M} UTC"


def translator_for(chosen: str, header: str) -> Translator:
    """For the language that the reader chose, or else the best match for Accept-Language."""
    return Translator(best([chosen, *accepted(header)], {tag: tag for tag in NAMES}))


def catalog_file(language: str) -> Traversable:
    """The file that translators edit."""
    return _LOCALES.joinpath(language, "LC_MESSAGES", "messages.po")


@cache
def _catalog(language: str) -> NullTranslations:
    """Compiled from the .po file when first used, so no build step can leave it stale."""
    if language == DEFAULT_LOCALE:
        return NullTranslations()
    with catalog_file(language).open("rb") as file:
        source = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, source)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _own_name(language: str) -> str:
    return (Locale.parse(language, sep="-").get_display_name() or language).title()


_LOCALES = resources.files("tenantry.console").joinpath("locale")
NAMES: Mapping[str, str] = {
    tag: _own_name(tag)
    for tag in (DEFAULT_LOCALE, *sorted(each.name for each in _LOCALES.iterdir() if each.is_dir()))
}
"""Every language of pages by its tag, with its own name for itself."""
