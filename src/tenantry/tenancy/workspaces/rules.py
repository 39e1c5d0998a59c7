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
    """CannotGrantRole if the new or the present role has permissions that the caller lacks.

    RoleUnknown; WorkspaceArchived.
    """
    _ensure_covers(locked, seat)
    if role is None:
        raise RoleUnknown
    locked.ensure_can_grant(counting_in_workspace(role.permissions))
    _ensure_not_archived(seat)
    return role


def ensure_removable(locked: LockedAuthority, seat: WorkspaceSeat) -> None:
    """CannotGrantRole if the role has permissions that the caller lacks; WorkspaceArchived."""
    _ensure_covers(locked, seat)
    _ensure_not_archived(seat)


def _ensure_covers(locked: LockedAuthority, seat: WorkspaceSeat) -> None:
    locked.ensure_can_grant(counting_in_workspace(seat.present_permissions))


def _ensure_not_archived(seat: WorkspaceSeat) -> None:
    if seat.is_archived:
        raise WorkspaceArchived


def ensure_changeable(workspace: Workspace, changed: Workspace) -> None:
    """WorkspaceArchived; DefaultWorkspace if it would become private."""
    if workspace.archived_at is not None:
        raise WorkspaceArchived
    if workspace.is_default and changed.visibility != OPEN:
        raise DefaultWorkspace


def ensure_archivable(workspace: Workspace) -> None:
    """DefaultWorkspace, which every organization keeps."""
    if workspace.is_default:
        raise DefaultWorkspace
