"""May this member be given a role in a workspace, or lose it? What counts there is compared."""

from collections.abc import Iterable

from tenantry.access.authority import Granter
from tenantry.access.permissions import counting_in_workspace
from tenantry.workspaces.model import Place, WorkspaceArchived


def may_be_placed(granter: Granter, place: Place, permissions: Iterable[str]) -> None:
    """Refuse what reaches above one's own role there: in what is given, or in what is replaced."""
    granter.must_be_able_to_grant(counting_in_workspace(permissions))
    may_be_displaced(granter, place)


def may_be_displaced(granter: Granter, place: Place) -> None:
    """Refuse to take a role above one's own there; in an archived workspace all stays as it is."""
    granter.must_be_able_to_grant(counting_in_workspace(place.present_permissions))
    if place.is_archived:
        raise WorkspaceArchived
