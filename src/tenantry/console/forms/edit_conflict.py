"""Concurrent edits: the second user sees what the first has changed before they save."""

from datetime import datetime
from typing import Protocol

from tenantry.console.forms.form import Form
from tenantry.kit.expectations import Expectation
from tenantry.kit.refusals import Conflict


class Versioned(Protocol):
    """Something that a form changes."""

    @property
    def updated_at(self) -> datetime: ...


class EditConflict(Conflict):
    """It was changed after the form was shown."""

    code = "overtaken"
    detail = "Someone else changed this in the meantime. Review the current values and try again."


def as_shown(form: Form) -> Expectation[Versioned]:
    """EditConflict if the form, by its field `seen`, showed another version."""

    def ensure_unchanged(current: Versioned) -> None:
        if form.text("seen", most=40) != current.updated_at.isoformat():
            raise EditConflict

    return ensure_unchanged
