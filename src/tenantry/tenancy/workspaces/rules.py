"""May this workspace change or end? May this member be given a role in it, or lose it?"""

from tenantry.authz.authority import Granter
from tenantry.authz.builtin_permissions import counting_in_workspace
from tenantry.authz.roles.model import Role, RoleUnknown
from tenantry.tenancy.workspaces.model import (
    OPEN,
    DefaultWorkspace,
    Place,
    Workspace,
    WorkspaceArchived,
)


def may_be_placed(granter: Granter, place: Place, role: Role | None) -> Role:
    """Refuse what reaches above one's own role there: in what is given, or in what is replaced.

    RoleUnknown where what is given is not there; WorkspaceArchived.
    """
    _must_cover(granter, place)
    if role is None:
        raise RoleUnknown
    granter.must_be_able_to_grant(counting_in_workspace(role.permissions))
    _must_be_in_use(place)
    return role


def may_be_displaced(granter: Granter, place: Place) -> None:
    """Refuse to take a role above one's own there; in an archived workspace all stays as it is."""
    _must_cover(granter, place)
    _must_be_in_use(place)


def _must_cover(granter: Granter, place: Place) -> None:
    granter.must_be_able_to_grant(counting_in_workspace(place.present_permissions))


def _must_be_in_use(place: Place) -> None:
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
