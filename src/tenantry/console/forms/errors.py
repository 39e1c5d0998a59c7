"""The errors that a form is shown again with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tenantry.console.texts.languages import mark
from tenantry.kit.refusals import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    PermissionDenied,
    Refusal,
    Unauthenticated,
)

# Codes of refusals that are about one field; all others are shown above the form.
_FIELDS: Mapping[str, str] = {
    "email_taken": "email",
    "slug_taken": "slug",
    "role_key_taken": "key",
    "wrong_password": "current_password",
}
FIX = mark("Please fix the fields marked below.")


@dataclass(frozen=True, slots=True)
class FormErrors:
    """A sentence above the form, and sentences by the names of fields."""

    status: int
    code: str
    detail: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The other members of the problem, as in the API: ids, counts, organizations."""

    @classmethod
    def of(cls, refusal: Refusal, status: int) -> "FormErrors | None":
        """None if the form is not shown again: the user may not see or do what it is about."""
        if isinstance(refusal, Invalid):
            fields = {
                error["pointer"].removeprefix("#/").partition("/")[0]: error["detail"]
                for error in refusal.errors
            }
            return cls(status, refusal.code, FIX, fields)
        if not _is_shown_again(refusal):
            return None
        name = _FIELDS.get(refusal.code)
        if name is not None:
            return cls(status, refusal.code, FIX, {name: str(refusal)})
        return cls(status, refusal.code, str(refusal), extra=refusal.extra)


def _is_shown_again(refusal: Refusal) -> bool:
    if isinstance(refusal, PermissionDenied):
        return False
    if isinstance(refusal, Unauthenticated):
        return refusal.code == "invalid_credentials"
    return isinstance(refusal, Conflict | Gone | Forbidden)
