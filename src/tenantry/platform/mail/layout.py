"""Rendering emails: one template for each language and email, and two layouts.

A template has the blocks `subject`, `words`, `button` and `note`, and serves both text and HTML;
blank lines separate paragraphs.
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
"""The template for dates and times of a language."""

# Mail programs turn everything that looks like a link into one. The only link in an email must be
# ours, so lookalikes in names and messages get an invisible mark (ZERO WIDTH NON-JOINER).
_LINKING = re.compile(r"([.:@])(?=\S)")
_BROKEN = "\\1\u200c"


class Rendered(TypedDict):
    """An email in one language, as text and as HTML."""

    subject: str
    text: str
    html: str
    language: str


class EmailTemplate:
    """One email in one language: compiled once, rendered often."""

    def __init__(self, language: str, text: Template, html: Template, moment: Template) -> None:
        self._language = language
        self._text = text
        self._html = html
        self._moment = moment

    def render(self, email: Email | Notification) -> Rendered:
        """The email with its values filled in."""
        names = dict(email.values)
        if email.head is not None:
            names["organization"] = email.head.organization
        # Subjects have no links, so names need no marks there.
        subject = self._text.blocks["subject"](self._text.new_context(names))
        shown = {name: self._shown(value) for name, value in names.items()}
        shown |= {"link": email.link, "language": self._language}
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
    """All emails in all languages; files in an operator's folder take precedence over ours."""

    def __init__(self, folder: Path | None = None) -> None:
        ours: BaseLoader = PackageLoader("tenantry.platform.mail")
        self.loader = ChoiceLoader([FileSystemLoader(folder), ours]) if folder else ours
        text, html = LAYOUTS
        self.as_text, self.as_html = self._environment(text), self._environment(html)
        self._paths = {path for path in self.loader.list_templates() if path.endswith(".j2")}
        folders = sorted({path.partition("/")[0] for path in self._paths if "/" in path})
        self.languages = {each.lower(): each for each in folders}
        self.names = sorted(
            PurePath(path).stem
            for path in self._paths
            if path.startswith(f"{DEFAULT_LOCALE}/") and not path.endswith(MOMENT)
        )
        self._templates = dict[tuple[str, str], EmailTemplate]()

    def render(self, email: Email | Notification, wanted: Sequence[str] = ()) -> Rendered:
        """Render in the organization's language, or else in the first available one of `wanted`."""
        chosen = email.head.locale if email.head else DEFAULT_LOCALE
        language = best(wanted if chosen == DEFAULT_LOCALE else [chosen], self.languages)
        key = language, email.name
        template = self._templates.get(key)
        if template is None:
            template = self._templates[key] = self._template(*key)
        return template.render(email)

    def has(self, path: str) -> bool:
        return path in self._paths

    def _template(self, language: str, name: str) -> EmailTemplate:
        """The template, in English if the language lacks it."""
        if not self.has(f"{language}/{name}.j2"):
            language = DEFAULT_LOCALE
        return EmailTemplate(
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
    # The methods of Markup return Markup, so HTML stays HTML.
    return [part.strip() for part in words.split("\n\n") if part.strip()]


def _quoted(words: str) -> str:
    """Another person's text, formatted so that it cannot be mistaken for ours."""
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())


def _quoted_in_html(words: str) -> Markup:
    lines = Markup("<br>").join(words.splitlines())
    return Markup('<span class="quote" style="{}">{}</span>').format(_QUOTE, lines)


_QUOTE = "display:block;padding-left:12px;border-left:3px solid #c9ced8"
