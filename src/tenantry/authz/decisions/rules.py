"""What may be asked, and what holdings come to. The same facts, the same verdict."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tenantry.authz.authority import RoleRef
from tenantry.authz.builtin_permissions import Permission, counting_in_workspace, in_order
from tenantry.authz.decisions.model import (
    DENIED,
    HOLDINGS_TOLD,
    CheckRequest,
    Decision,
    EffectivePermissions,
    RevisionUnknown,
    UserRequired,
    WorkspacePermissions,
)
from tenantry.kit.refusals import PermissionDenied

ACTIVE = "active"


def ensure_users_named(questions: CheckRequest, pointers: Sequence[str]) -> None:
    """UserRequired where the product itself asks, which is nobody that could be asked about."""
    for user_id, pointer in zip(questions.user_ids, pointers, strict=False):
        if user_id is None:
            raise UserRequired(pointer)


def ensure_visible(questions: CheckRequest, decisions: Sequence[Decision]) -> None:
    """PermissionDenied where a member asks about others without being allowed to see them;
    RevisionUnknown where an organization has not come to what is demanded.

    To a stranger no revision is told, not even by a refusal.
    """
    for decision in decisions:
        if decision.outcome == DENIED:
            raise PermissionDenied(required_permission=Permission.MEMBER_READ.value)
    for wanted, decision in zip(questions.freshness, decisions, strict=False):
        revision = decision.revision
        if wanted is not None and revision is not None and revision < wanted:
            raise RevisionUnknown


def summed(org_id: UUID, rows: Sequence[tuple[Any, ...]]) -> EffectivePermissions:
    """What a member may do, of a row for the organization and one for each workspace of a page."""
    revision, membership_id, user_id, standing, *role = rows[0][:7]
    is_active = standing == ACTIVE
    everywhere = list[str](rows[0][7]) if is_active else []
    there = rows[1:] if is_active else rows[:0]
    return EffectivePermissions(
        org_id=org_id,
        membership_id=membership_id,
        user_id=user_id,
        role=RoleRef(*role),
        permissions=in_order(everywhere),
        workspaces=[_holding(everywhere, row) for row in there[:HOLDINGS_TOLD]],
        workspaces_count=rows[0][15] if is_active else 0,
        has_more=len(there) > HOLDINGS_TOLD,
        revision=revision,
    )


def _holding(everywhere: list[str], row: tuple[Any, ...]) -> WorkspacePermissions:
    there = RoleRef(*row[11:14]) if row[11] else None
    permissions = in_order([*everywhere, *counting_in_workspace(row[14] or ())])
    return WorkspacePermissions(row[8], row[10], there, permissions)
