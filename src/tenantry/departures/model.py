"""What stands in the way of a departure."""

from collections.abc import Sequence

from tenantry.kit.ids import Kind, show
from tenantry.kit.refusals import Conflict
from tenantry.organizations.model import Brief


class SoleAdmin(Conflict):
    """Without this person nobody could manage these organizations."""

    code = "sole_admin"
    detail = "You are the only lasting Admin of some organizations: name another, or delete them."

    def __init__(self, organizations: Sequence[Brief]) -> None:
        super().__init__(
            organizations=[
                {"id": show(Kind.ORGANIZATION, each.id), "name": each.name, "slug": each.slug}
                for each in organizations
            ]
        )
