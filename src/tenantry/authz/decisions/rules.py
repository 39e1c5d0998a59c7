"""Which checks a caller may make, and the sum of effective permissions."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.builtin_permissions import Permission, in_order
from tenantry.authz.builtin_permissions import effective_permissions as permissions_in
from tenantry.authz.decisions.model import (
    DENIED,
    WORKSPACES_PER_PAGE,
    CheckRequest,
    Decision,
    EffectivePermissions,
    PermissionsRow,
    RevisionUnknown,
    UserRequired,
    WorkspacePermissions,
)
from tenantry.kit.refusals import PermissionDenied

ACTIVE = "active"


def ensure_users_named(request: CheckRequest, pointers: Sequence[str]) -> None:
    """UserRequired if a service key names no user."""
    for user_id, pointer in zip(request.user_ids, pointers, strict=False):
        if user_id is None:
            raise UserRequired(pointer)


def ensure_visible(request: CheckRequest, decisions: Sequence[Decision]) -> None:
    """PermissionDenied if a member asks about others without being allowed to see them;
    RevisionUnknown if an organization has not reached the requested revision.

    Non-members never learn a revision, not even from an error.
    """
    for decision in decisions:
        if decision.outcome == DENIED:
            raise PermissionDenied(required_permission=Permission.MEMBER_READ.value)
    for wanted, decision in zip(request.freshness, decisions, strict=False):
        revision = decision.revision
        if wanted is not None and revision is not None and revision < wanted:
            raise RevisionUnknown


def effective_permissions(org_id: UUID, rows: Sequence[PermissionsRow]) -> EffectivePermissions:
    """Combines a row for the organization and one for each workspace of a page."""
    member, *workspaces = rows
    is_active = member.state == ACTIVE
    if not is_active:
        workspaces = []
    return EffectivePermissions(
        org_id=org_id,
        membership_id=member.membership_id,
        user_id=member.user_id,
        role=member.role,
        permissions=in_order(member.permissions if is_active else ()),
        workspaces=[_in_workspace(row) for row in workspaces[:WORKSPACES_PER_PAGE]],
        workspaces_count=member.workspaces_count if is_active else 0,
        has_more=len(workspaces) > WORKSPACES_PER_PAGE,
        revision=member.revision,
    )


def _in_workspace(row: PermissionsRow) -> WorkspacePermissions:
    permissions = in_order(permissions_in(row.permissions, row.workspace_permissions))
    return WorkspacePermissions(row.workspace_id, row.archived, row.workspace_role, permissions)
