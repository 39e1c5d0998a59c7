"""Members of a workspace."""

from datetime import datetime

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, MembershipId, RoleName, WorkspaceId
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import (
    MembershipIdText,
    OrganizationIdText,
    RoleRefView,
    WorkspaceIdText,
    role_ref,
)
from tenantry.api.v1.tenancy.members import MemberUserView
from tenantry.authz.builtin_permissions import Permission
from tenantry.kit.ids import Kind, show
from tenantry.tenancy.workspaces import membership
from tenantry.tenancy.workspaces.model import WorkspaceMember

route = Routes("/organizations/{org_id}/workspaces/{workspace_id}/members", tags=("workspaces",))


class WorkspaceMemberView(TypedDict):
    """A member with a role in one workspace; `id` is their id in the organization."""

    id: MembershipIdText
    organization_id: OrganizationIdText
    workspace_id: WorkspaceIdText
    user: MemberUserView
    role: RoleRefView
    created_at: datetime
    updated_at: datetime


class WorkspaceMemberPut(Body):
    """The member's role in the workspace."""

    role: RoleName


def view(member: WorkspaceMember) -> WorkspaceMemberView:
    return {
        "id": show(Kind.MEMBERSHIP, member.id),
        "organization_id": show(Kind.ORGANIZATION, member.org_id),
        "workspace_id": show(Kind.WORKSPACE, member.workspace_id),
        "user": {"id": show(Kind.USER, member.user_id), "email": member.email, "name": member.name},
        "role": role_ref(member.role),
        "created_at": member.created_at,
        "updated_at": member.updated_at,
    }


@route.get("", Permission.WORKSPACE_READ, id="workspace_members.list")
async def list_of_workspace(
    ctx: ReadContext, workspace_id: WorkspaceId, query: ListQuery[MembershipId]
) -> ListOf[WorkspaceMemberView]:
    """List the members who have a role in a workspace, in the order in which they joined."""
    page = await membership.list_members(ctx.reading, workspace_id, query.page)
    return listed(page, Kind.MEMBERSHIP, view)


@route.put(
    "/{member_id}",
    Permission.WORKSPACE_MANAGE_MEMBERS,
    id="workspace_members.put",
    refuses={409},
    makes=True,
)
async def put(
    ctx: WriteContext, workspace_id: WorkspaceId, member_id: MembershipId, body: WorkspaceMemberPut
) -> WorkspaceMemberView:
    """Give a member a role in a workspace; the response is 201 if they had none there."""
    placed = await membership.put_member(ctx.in_organization, workspace_id, member_id, body.role)
    if placed.is_new:
        ctx.status = 201
    return view(placed.member)


@route.delete(
    "/{member_id}",
    Permission.WORKSPACE_MANAGE_MEMBERS,
    id="workspace_members.remove",
    refuses={409},
)
async def remove(ctx: WriteContext, workspace_id: WorkspaceId, member_id: MembershipId) -> None:
    """Remove a member's role in a workspace; their role in the organization is unchanged."""
    await membership.remove_member(ctx.tx, ctx.authority, workspace_id, member_id)
