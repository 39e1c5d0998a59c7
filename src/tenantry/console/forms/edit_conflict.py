"""Two people at one form: who comes second is shown what the first has made of it."""

from datetime import datetime

from tenantry.console.forms.form import Filling
from tenantry.kit.refusals import Conflict


class Overtaken(Conflict):
    """What is to be changed is not any more as the form showed it."""

    code = "overtaken"
    detail = "Somebody changed this meanwhile. Look again at what would change, then decide."


def must_be_as_seen(filling: Filling, changed_at: datetime) -> None:
    """Overtaken where the form, in its field `seen`, was shown another version."""
    if filling.text("seen", most=40) != changed_at.isoformat():
        raise Overtaken
