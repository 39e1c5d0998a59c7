"""Effective permissions, and the members who have a permission."""

from typing import Any, Literal

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext
from tenantry.api.routing.declarations import PREFIX, Routes
from tenantry.api.schemas.fields import MembershipId, OrganizationId, Query, WorkspaceId
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import (
    MembershipIdText,
    OrganizationIdText,
    RoleRefView,
    UserIdText,
    WorkspaceIdText,
    role_ref,
)
from tenantry.api.v1.tenancy.members import MemberUserView
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.decisions import actions as checks
from tenantry.authz.decisions.model import (
    EffectivePermissions,
    MemberWithPermission,
    WorkspacePermissions,
)
from tenantry.http.access import Requirement
from tenantry.kit.ids import Kind, show

route = Routes()


class WorkspacePermissionsView(TypedDict):
    """A user's permissions in one workspace, from their roles in the organization and the
    workspace."""

    workspace_id: WorkspaceIdText
    archived: bool
    role: RoleRefView | None
    permissions: list[str]


class EffectivePermissionsView(TypedDict):
    """A user's permissions in an organization and in each workspace that they can see.

    `workspaces` has at most 100 of `workspaces_count`. `more_workspaces` links to the next ones, or
    is null.
    """

    organization_id: OrganizationIdText
    member_id: MembershipIdText
    user_id: UserIdText
    role: RoleRefView
    permissions: list[str]
    workspaces: list[WorkspacePermissionsView]
    workspaces_count: int
    more_workspaces: str | None
    revision: int


class MemberWithPermissionView(TypedDict):
    """A member with the permission, and the roles that give it."""

    id: MembershipIdText
    organization_id: OrganizationIdText
    user: MemberUserView
    role: RoleRefView
    workspace_role: RoleRefView | None
    allowed_by: list[Literal["role", "workspace_role"]]


class PermissionsQuery(Query):
    """Which page of workspaces."""

    after: WorkspaceId | None = None


class MyPermissionsQuery(PermissionsQuery):
    """Which organization, and which page of its workspaces."""

    organization_id: OrganizationId


class MembersWithPermissionQuery(ListQuery[MembershipId]):
    """Which workspace; without one, the organization."""

    workspace_id: WorkspaceId | None = None


def _workspace_permissions(permissions: WorkspacePermissions) -> WorkspacePermissionsView:
    return {
        "workspace_id": show(Kind.WORKSPACE, permissions.workspace_id),
        "archived": permissions.archived,
        "role": permissions.role and role_ref(permissions.role),
        "permissions": permissions.permissions,
    }


def view(effective: EffectivePermissions, path: str) -> EffectivePermissionsView:
    """What somebody may do, as JSON; `path` leads to the next workspaces."""
    shown = effective.workspaces
    more = path + show(Kind.WORKSPACE, shown[-1].workspace_id) if effective.has_more else None
    return {
        "organization_id": show(Kind.ORGANIZATION, effective.org_id),
        "member_id": show(Kind.MEMBERSHIP, effective.membership_id),
        "user_id": show(Kind.USER, effective.user_id),
        "role": role_ref(effective.role),
        "permissions": effective.permissions,
        "workspaces": list(map(_workspace_permissions, shown)),
        "workspaces_count": effective.workspaces_count,
        "more_workspaces": more,
        "revision": effective.revision,
    }


@route.get(
    "/organizations/{org_id}/members/{member_id}/permissions",
    Permission.MEMBER_READ,
    id="members.permissions",
)
async def of_member(
    ctx: ReadContext, member_id: MembershipId, query: PermissionsQuery
) -> EffectivePermissionsView:
    """Get a member's permissions in the organization and in each workspace that both of you can
    see.

    A suspended or expired member has no permissions.
    """
    effective = await checks.get_effective_permissions(ctx.reading, member_id, after=query.after)
    org_id, shown_id = show(Kind.ORGANIZATION, effective.org_id), show(Kind.MEMBERSHIP, member_id)
    path = f"{PREFIX}/organizations/{org_id}/members/{shown_id}/permissions?after="
    return view(effective, path)


@route.get("/me/permissions", Requirement.SIGNED_IN, id="me.permissions", refuses={404})
async def of_mine(ctx: ReadContext, query: MyPermissionsQuery) -> EffectivePermissionsView:
    """Get your permissions in an organization and in each workspace that you can see."""
    org_id = query.organization_id
    effective = await checks.get_own_effective_permissions(ctx.reading, org_id, after=query.after)
    path = f"{PREFIX}/me/permissions?organization_id={show(Kind.ORGANIZATION, org_id)}&after="
    return view(effective, path)


@route.get(
    "/organizations/{org_id}/permissions/{permission}/members",
    Permission.MEMBER_READ,
    id="access.members_who_can",
    tags=("access", "members"),
)
async def members_who_can(
    ctx: ReadContext, org_id: OrganizationId, permission: str, query: MembersWithPermissionQuery
) -> ListOf[MemberWithPermissionView]:
    """List the members who have a permission in the organization, or in one workspace.

    For a workspace that you cannot see, the list is empty.
    """
    shown_id = show(Kind.ORGANIZATION, org_id)

    def member_view(member: MemberWithPermission) -> MemberWithPermissionView:
        by: Any = list(member.allowed_by)
        return {
            "id": show(Kind.MEMBERSHIP, member.id),
            "organization_id": shown_id,
            "user": {
                "id": show(Kind.USER, member.user_id),
                "email": member.email,
                "name": member.name,
            },
            "role": role_ref(member.role),
            "workspace_role": member.workspace_role and role_ref(member.workspace_role),
            "allowed_by": by,
        }

    page = await checks.list_members_with(
        ctx.reading,
        query.page,
        permission=permission,
        workspace_id=query.workspace_id,
    )
    return listed(page, Kind.MEMBERSHIP, member_view)
