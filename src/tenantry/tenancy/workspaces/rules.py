"""May this workspace change or end? May this member be given a role in it, or lose it?"""

from tenantry.authz.authority import LockedAuthority
from tenantry.authz.builtin_permissions import counting_in_workspace
from tenantry.authz.roles.model import Role, RoleUnknown
from tenantry.tenancy.workspaces.model import (
    OPEN,
    DefaultWorkspace,
    Workspace,
    WorkspaceArchived,
    WorkspaceSeat,
)


def ensure_may_join(locked: LockedAuthority, seat: WorkspaceSeat, role: Role | None) -> Role:
    """Refuse what reaches above one's own role there: in what is given, or in what is replaced.

    RoleUnknown where what is given is not there; WorkspaceArchived.
    """
    _ensure_covers(locked, seat)
    if role is None:
        raise RoleUnknown
    locked.ensure_can_grant(counting_in_workspace(role.permissions))
    _ensure_not_archived(seat)
    return role


def ensure_removable(locked: LockedAuthority, seat: WorkspaceSeat) -> None:
    """Refuse to take a role above one's own there; in an archived workspace all stays as it is."""
    _ensure_covers(locked, seat)
    _ensure_not_archived(seat)


def _ensure_covers(locked: LockedAuthority, seat: WorkspaceSeat) -> None:
    locked.ensure_can_grant(counting_in_workspace(seat.present_permissions))


def _ensure_not_archived(seat: WorkspaceSeat) -> None:
    if seat.is_archived:
        raise WorkspaceArchived


def ensure_changeable(workspace: Workspace, changed: Workspace) -> None:
    """WorkspaceArchived; DefaultWorkspace where members would no longer find the one they share."""
    if workspace.archived_at is not None:
        raise WorkspaceArchived
    if workspace.is_default and changed.visibility != OPEN:
        raise DefaultWorkspace


def ensure_archivable(workspace: Workspace) -> None:
    """DefaultWorkspace: an organization has one at any time."""
    if workspace.is_default:
        raise DefaultWorkspace
