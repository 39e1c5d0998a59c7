"""What a check may ask, and what effective permissions add up to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.authz.builtin_permissions import Permission, counting_in_workspace, in_order
from tenantry.authz.decisions.model import (
    DENIED,
    WORKSPACES_PER_PAGE,
    CheckRequest,
    Decision,
    EffectivePermissions,
    RevisionUnknown,
    UserRequired,
    WorkspacePermissions,
)
from tenantry.kit.refusals import PermissionDenied

ACTIVE = "active"


def ensure_users_named(request: CheckRequest, pointers: Sequence[str]) -> None:
    """UserRequired where a service key names no user."""
    for user_id, pointer in zip(request.user_ids, pointers, strict=False):
        if user_id is None:
            raise UserRequired(pointer)


def ensure_visible(request: CheckRequest, decisions: Sequence[Decision]) -> None:
    """PermissionDenied where a member asks about others without being allowed to see them;
    RevisionUnknown where an organization has not come to what is demanded.

    To a stranger no revision is told, not even by a refusal.
    """
    for decision in decisions:
        if decision.outcome == DENIED:
            raise PermissionDenied(required_permission=Permission.MEMBER_READ.value)
    for wanted, decision in zip(request.freshness, decisions, strict=False):
        revision = decision.revision
        if wanted is not None and revision is not None and revision < wanted:
            raise RevisionUnknown


def effective_permissions(org_id: UUID, rows: Sequence[tuple[Any, ...]]) -> EffectivePermissions:
    """What a member may do, of a row for the organization and one for each workspace of a page."""
    revision, membership_id, user_id, standing, *role = rows[0][:7]
    is_active = standing == ACTIVE
    everywhere = list[str](rows[0][7]) if is_active else []
    of_workspaces = rows[1:] if is_active else rows[:0]
    return EffectivePermissions(
        org_id=org_id,
        membership_id=membership_id,
        user_id=user_id,
        role=RoleRef(*role),
        permissions=in_order(everywhere),
        workspaces=[_of_workspace(everywhere, row) for row in of_workspaces[:WORKSPACES_PER_PAGE]],
        workspaces_count=rows[0][15] if is_active else 0,
        has_more=len(of_workspaces) > WORKSPACES_PER_PAGE,
        revision=revision,
    )


def _of_workspace(everywhere: list[str], row: tuple[Any, ...]) -> WorkspacePermissions:
    workspace_role = RoleRef(*row[11:14]) if row[11] else None
    permissions = in_order([*everywhere, *counting_in_workspace(row[14] or ())])
    return WorkspacePermissions(row[8], row[10], workspace_role, permissions)
