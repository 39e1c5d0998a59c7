"""FieldError: why a form comes again, in words at the fields that they are about."""

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

# A refusal that is about one field, by its code; the others stand above the form.
_FIELDS: Mapping[str, str] = {
    "email_taken": "email",
    "slug_taken": "slug",
    "role_key_taken": "key",
    "wrong_password": "current_password",
}
FIX = mark("Please fix the fields marked below.")


@dataclass(frozen=True, slots=True)
class FormErrors:
    """Why: a sentence above the form, and sentences by the names of fields."""

    status: int
    code: str
    detail: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the refusal tells besides, as the API shows it: ids, counts, organizations."""

    @classmethod
    def of(cls, refusal: Refusal, status: int) -> "FormErrors | None":
        """What a refused form comes again with; None where it cannot: what it is about may not be
        seen, or not be done by this person at all."""
        if isinstance(refusal, Invalid):
            fields = {
                error["pointer"].removeprefix("#/").partition("/")[0]: error["detail"]
                for error in refusal.errors
            }
            return cls(status, refusal.code, FIX, fields)
        if not _comes_again(refusal):
            return None
        at = _FIELDS.get(refusal.code)
        if at is not None:
            return cls(status, refusal.code, FIX, {at: str(refusal)})
        return cls(status, refusal.code, str(refusal), extra=refusal.extra)


def _comes_again(refusal: Refusal) -> bool:
    if isinstance(refusal, PermissionDenied):
        return False
    if isinstance(refusal, Unauthenticated):
        return refusal.code == "invalid_credentials"
    return isinstance(refusal, Conflict | Gone | Forbidden)
