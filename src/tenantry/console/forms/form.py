"""Filling in: what a form's fields hold, checked as the API checks them."""

import re
from datetime import UTC, datetime
from uuid import UUID

from tenantry.console.forms.submitted import SubmittedForm
from tenantry.console.texts.languages import mark
from tenantry.kit.ids import Kind, parse
from tenantry.kit.languages import is_locale
from tenantry.kit.refusals import Invalid
from tenantry.kit.text import (
    RESERVED_SLUGS,
    email_address,
    is_line,
    is_name,
    is_role_key,
    is_slug,
    is_visible,
)

BAD_NAME = mark("Enter 1 to 100 visible characters on one line.")
BAD_LINE = mark("Enter a line of text.")
BAD_SLUG = mark(
    "Use 2 to 48 lowercase letters, digits and single hyphens. Some words are reserved."
)
BAD_KEY = mark(
    "Use 1 to 48 lowercase letters, digits, hyphens and underscores. It must not look like an ID."
)
BAD_LOCALE = mark("Enter a language tag, such as en, de or pt-BR.")
BAD_EMAIL = mark("Enter a valid email address, such as name@example.com.")
NO_CHOICE = mark("Choose an option.")
TOO_LONG = mark("This is too long. Shorten it.")
BAD_MOMENT = mark("Enter a date and time, such as 2030-01-31T12:00.")

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)


class ValidationFailed(Invalid):
    """Some fields hold what cannot be taken; `errors` tell each."""

    code = "unfit_form"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("", "")
        self.errors = [{"pointer": f"#/{name}", "detail": told} for name, told in errors.items()]


class Form:
    """Reads fields and gathers what is wrong, so that all of it is told at once."""

    def __init__(self, form: SubmittedForm) -> None:
        self._form = form
        self.errors = dict[str, str]()

    @property
    def fields(self) -> dict[str, str]:
        """Everything as it was filled in."""
        return self._form.fields

    def name(self, field: str) -> str:
        """A name, without blanks around it."""
        text = self._form.text(field).strip()
        return self._taken(field, text, is_name(text), BAD_NAME)

    def line(self, field: str, *, most: int) -> str:
        """Something on one line, of so many characters at most, and not empty."""
        text = self._form.text(field).strip()
        fits = len(text) <= most and is_line(text) and is_visible(text)
        return self._taken(field, text, fits, BAD_LINE)

    def slug(self, field: str) -> str | None:
        """A slug; None where the field is empty."""
        text = self._form.text(field).strip()
        fits = not text or (is_slug(text) and text not in RESERVED_SLUGS)
        return self._taken(field, text, fits, BAD_SLUG) or None

    def role_key(self, field: str) -> str | None:
        """The key of a role; None where the field is empty."""
        text = self._form.text(field).strip()
        return self._taken(field, text, not text or is_role_key(text), BAD_KEY) or None

    def ticked(self, prefix: str) -> frozenset[str]:
        """Which boxes are ticked, of those whose names begin so; without the prefix."""
        return frozenset(self._form.ticked(prefix))

    def email(self, field: str) -> str:
        """An email address, in its one form."""
        address = email_address(self._form.text(field).strip())
        return self._taken(field, address or "", address is not None, BAD_EMAIL)

    def text(self, field: str, *, most: int) -> str:
        """Free text of so many characters at most; it may be empty."""
        text = self._form.text(field).replace("\r\n", "\n").strip()
        return self._taken(field, text, len(text) <= most, TOO_LONG)

    def moment(self, field: str) -> datetime | None:
        """A point in time, in UTC, as a field for one sends it (HTML, "local date and time
        state"); None where it is empty."""
        text = self._form.text(field).strip()
        moment = _moment(text)
        self._taken(field, text, not text or moment is not None, BAD_MOMENT)
        return moment

    def raw(self, field: str) -> str:
        """What stands in a field, as it is."""
        return self._form.text(field)

    def locale(self, field: str) -> str:
        """The tag of a language."""
        text = self._form.text(field).strip()
        return self._taken(field, text, is_locale(text), BAD_LOCALE)

    def choice(self, field: str, among: frozenset[str]) -> str:
        """One of some words."""
        text = self._form.text(field)
        return self._taken(field, text, text in among, NO_CHOICE)

    def id(self, field: str, kind: Kind) -> UUID | None:
        """An id of this kind; None where the field is empty."""
        text = self._form.text(field)
        found = parse(kind, text)
        self._taken(field, text, not text or found is not None, NO_CHOICE)
        return found

    def ensure_valid(self) -> None:
        """ValidationFailed where anything that was read did not."""
        if self.errors:
            raise ValidationFailed(self.errors)

    def _taken(self, field: str, value: str, fits: bool, otherwise: str) -> str:
        if not fits:
            self.errors[field] = otherwise
        return value


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if _MOMENT.fullmatch(text) else None
    except ValueError:  # a 30th of February
        return None
