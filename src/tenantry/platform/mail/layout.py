"""Letters, printed: wording from one template for each language and letter, look from two layouts.

A wording has the blocks `subject`, `words`, `button` and `note`, and makes the text and the HTML
alike; blank lines part its words into paragraphs.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, TypedDict

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    Template,
    select_autoescape,
)
from markupsafe import Markup

from tenantry.kit.languages import DEFAULT_LOCALE, best
from tenantry.platform.mail.model import Email, Notification

LAYOUTS = ("layout.txt.j2", "layout.html.j2")
MOMENT = "moment.j2"
"""How a language writes a point in time."""

# Mail programs make a link of whatever looks like one. A letter has one link, and it is ours: what
# names and messages hold gets a mark that cannot be seen (ZERO WIDTH NON-JOINER).
_LINKING = re.compile(r"([.:@])(?=\S)")
_BROKEN = "\\1\u200c"


class Printed(TypedDict):
    """A letter in one language, as text and as HTML; both have the same link."""

    subject: str
    text: str
    html: str
    language: str


class Wording:
    """One letter in one language: compiled once, printed often."""

    def __init__(self, language: str, text: Template, html: Template, moment: Template) -> None:
        self._language = language
        self._text = text
        self._html = html
        self._moment = moment

    def print(self, letter: Email | Notification) -> Printed:
        """The letter as it will be read."""
        names = dict(letter.values)
        if letter.head is not None:
            names["organization"] = letter.head.organization
        # A subject is no place for links, and a header shows names as they are.
        subject = self._text.blocks["subject"](self._text.new_context(names))
        shown = {name: self._shown(value) for name, value in names.items()}
        shown |= {"link": letter.link, "language": self._language}
        return {
            "subject": "".join(subject).strip(),
            "text": self._text.render(shown).strip() + "\n",
            "html": self._html.render(shown),
            "language": self._language,
        }

    def _shown(self, value: str | datetime) -> str:
        return _LINKING.sub(_BROKEN, value) if isinstance(value, str) else self._in_words(value)

    def _in_words(self, moment: datetime) -> str:
        utc = moment.astimezone(UTC)
        return self._moment.render(day=utc.day, month=utc.month, year=utc.year, time=f"{utc:%H:%M}")


class Templates:
    """Every letter in every language: ours, and the files of an operator's folder before them."""

    def __init__(self, folder: Path | None = None) -> None:
        ours: BaseLoader = PackageLoader("tenantry.platform.mail")
        self.loader = ChoiceLoader([FileSystemLoader(folder), ours]) if folder else ours
        text, html = LAYOUTS
        self.as_text, self.as_html = self._environment(text), self._environment(html)
        self._paths = {path for path in self.loader.list_templates() if path.endswith(".j2")}
        folders = sorted({path.partition("/")[0] for path in self._paths if "/" in path})
        self.languages = {each.lower(): each for each in folders}
        self.letters = sorted(
            PurePath(path).stem
            for path in self._paths
            if path.startswith(f"{DEFAULT_LOCALE}/") and not path.endswith(MOMENT)
        )
        self._wordings = dict[tuple[str, str], Wording]()

    def lay_out(self, letter: Email | Notification, wanted: Sequence[str] = ()) -> Printed:
        """The letter in the language of its organization.

        Where that chose none, or there is no organization, the first of `wanted` that is there.
        """
        chosen = letter.head.locale if letter.head else DEFAULT_LOCALE
        language = best(wanted if chosen == DEFAULT_LOCALE else [chosen], self.languages)
        key = language, letter.name
        wording = self._wordings.get(key)
        if wording is None:
            wording = self._wordings[key] = self._wording(*key)
        return wording.print(letter)

    def has(self, path: str) -> bool:
        """Whether there is a template in this place."""
        return path in self._paths

    def _wording(self, language: str, name: str) -> Wording:
        """One letter, in English where the language has no words for it."""
        if not self.has(f"{language}/{name}.j2"):
            language = DEFAULT_LOCALE
        return Wording(
            language,
            self.as_text.get_template(f"{language}/{name}.j2"),
            self.as_html.get_template(f"{language}/{name}.j2"),
            self.as_text.get_template(f"{language}/{MOMENT}"),
        )

    def _environment(self, layout: str) -> Environment:
        is_html = layout == LAYOUTS[1]
        environment = Environment(
            loader=self.loader,
            autoescape=select_autoescape(["j2"] if is_html else []),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        filters: dict[str, Any] = {
            "paragraphs": _paragraphs,
            "quoted": _quoted_in_html if is_html else _quoted,
        }
        environment.filters.update(filters)
        names: dict[str, Any] = {"layout": layout}
        environment.globals.update(names)
        return environment


def _paragraphs(words: str) -> list[str]:
    # The methods of Markup give Markup again: what is HTML stays HTML.
    return [part.strip() for part in words.split("\n\n") if part.strip()]


def _quoted(words: str) -> str:
    """Somebody else's words, which cannot pass for ours."""
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())


def _quoted_in_html(words: str) -> Markup:
    lines = Markup("<br>").join(words.splitlines())
    return Markup('<span class="quote" style="{}">{}</span>').format(_QUOTE, lines)


_QUOTE = "display:block;padding-left:12px;border-left:3px solid #c9ced8"
