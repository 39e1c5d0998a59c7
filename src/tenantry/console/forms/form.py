"""Fields of submitted forms, validated as in the API."""

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
    """Some fields are not valid; `errors` has a sentence for each."""

    code = "unfit_form"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("", "")
        self.errors = [
            {"pointer": f"#/{name}", "detail": detail} for name, detail in errors.items()
        ]


class Form:
    """Reads fields and collects errors, so that all are shown at once."""

    def __init__(self, form: SubmittedForm) -> None:
        self._form = form
        self.errors = dict[str, str]()

    @property
    def fields(self) -> dict[str, str]:
        return self._form.fields

    def name(self, field: str) -> str:
        text = self._form.text(field).strip()
        return self._checked(field, text, is_name(text), BAD_NAME)

    def line(self, field: str, *, most: int) -> str:
        """One line of text, at most `most` characters and not empty."""
        text = self._form.text(field).strip()
        is_valid = len(text) <= most and is_line(text) and is_visible(text)
        return self._checked(field, text, is_valid, BAD_LINE)

    def slug(self, field: str) -> str | None:
        """None if the field is empty."""
        text = self._form.text(field).strip()
        is_valid = not text or (is_slug(text) and text not in RESERVED_SLUGS)
        return self._checked(field, text, is_valid, BAD_SLUG) or None

    def role_key(self, field: str) -> str | None:
        """None if the field is empty."""
        text = self._form.text(field).strip()
        return self._checked(field, text, not text or is_role_key(text), BAD_KEY) or None

    def ticked(self, prefix: str) -> frozenset[str]:
        """Names of the ticked checkboxes that start with the prefix, without it."""
        return frozenset(self._form.ticked(prefix))

    def email(self, field: str) -> str:
        address = email_address(self._form.text(field).strip())
        return self._checked(field, address or "", address is not None, BAD_EMAIL)

    def text(self, field: str, *, most: int) -> str:
        """Text of at most `most` characters; may be empty."""
        text = self._form.text(field).replace("\r\n", "\n").strip()
        return self._checked(field, text, len(text) <= most, TOO_LONG)

    def moment(self, field: str) -> datetime | None:
        """A date and time in UTC (HTML, "local date and time state"); None if empty."""
        text = self._form.text(field).strip()
        moment = _moment(text)
        self._checked(field, text, not text or moment is not None, BAD_MOMENT)
        return moment

    def raw(self, field: str) -> str:
        return self._form.text(field)

    def locale(self, field: str) -> str:
        text = self._form.text(field).strip()
        return self._checked(field, text, is_locale(text), BAD_LOCALE)

    def choice(self, field: str, options: frozenset[str]) -> str:
        text = self._form.text(field)
        return self._checked(field, text, text in options, NO_CHOICE)

    def id(self, field: str, kind: Kind) -> UUID | None:
        """None if the field is empty."""
        text = self._form.text(field)
        found = parse(kind, text)
        self._checked(field, text, not text or found is not None, NO_CHOICE)
        return found

    def ensure_valid(self) -> None:
        """ValidationFailed if any field that was read is not valid."""
        if self.errors:
            raise ValidationFailed(self.errors)

    def _checked(self, field: str, value: str, is_valid: bool, error: str) -> str:
        if not is_valid:
            self.errors[field] = error
        return value


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if _MOMENT.fullmatch(text) else None
    except ValueError:  # a 30th of February
        return None
