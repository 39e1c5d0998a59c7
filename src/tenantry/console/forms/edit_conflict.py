"""Two people at one form: who comes second is shown what the first has made of it."""

from datetime import datetime

from tenantry.console.forms.form import Form
from tenantry.kit.refusals import Conflict


class EditConflict(Conflict):
    """What is to be changed is not any more as the form showed it."""

    code = "overtaken"
    detail = "Somebody changed this meanwhile. Look again at what would change, then decide."


def ensure_unchanged(form: Form, changed_at: datetime) -> None:
    """Overtaken where the form, in its field `seen`, was shown another version."""
    if form.text("seen", most=40) != changed_at.isoformat():
        raise EditConflict
