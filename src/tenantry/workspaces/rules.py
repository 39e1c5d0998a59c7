"""May this workspace change or end? May this member be given a role in it, or lose it?"""

from collections.abc import Iterable

from tenantry.access.authority import Granter
from tenantry.access.permissions import counting_in_workspace
from tenantry.workspaces.model import (
    OPEN,
    DefaultWorkspace,
    Place,
    Workspace,
    WorkspaceArchived,
)


def may_be_placed(granter: Granter, place: Place, permissions: Iterable[str]) -> None:
    """Refuse what reaches above one's own role there: in what is given, or in what is replaced."""
    granter.must_be_able_to_grant(counting_in_workspace(permissions))
    may_be_displaced(granter, place)


def may_be_displaced(granter: Granter, place: Place) -> None:
    """Refuse to take a role above one's own there; in an archived workspace all stays as it is."""
    granter.must_be_able_to_grant(counting_in_workspace(place.present_permissions))
    if place.is_archived:
        raise WorkspaceArchived


def may_be_changed(workspace: Workspace, changed: Workspace) -> None:
    """WorkspaceArchived; DefaultWorkspace where members would no longer find the one they share."""
    if workspace.archived_at is not None:
        raise WorkspaceArchived
    if workspace.is_default and changed.visibility != OPEN:
        raise DefaultWorkspace


def may_be_put_aside(workspace: Workspace) -> None:
    """DefaultWorkspace: an organization has one at any time."""
    if workspace.is_default:
        raise DefaultWorkspace
