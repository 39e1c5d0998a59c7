"""Members."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import PREFIX, Routes
from tenantry.api.schemas.fields import (
    Body,
    Email,
    MembershipId,
    Moment,
    OrganizationId,
    RoleName,
    WorkspaceId,
)
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import (
    MembershipIdText,
    OrganizationIdText,
    RoleRefView,
    UserIdText,
    WorkspaceGrantView,
    role_ref,
    workspace_grant,
)
from tenantry.authz.builtin_permissions import Permission
from tenantry.http.access import Requirement
from tenantry.identity.offboarding import remove_member as offboarding
from tenantry.kit.ids import Kind, show
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Membership, Terms

route = Routes("/organizations/{org_id}/members")

Status = Literal["active", "suspended"]


class MemberUserView(TypedDict):
    """A person as other members see them."""

    id: UserIdText
    email: str
    name: str


class MemberView(TypedDict):
    """A member of an organization.

    `workspaces` has the first 20 of their `workspaces_count` roles in workspaces that you can see.
    `more_workspaces` links to the rest, or is null.
    """

    id: MembershipIdText
    organization_id: OrganizationIdText
    user: MemberUserView
    role: RoleRefView
    status: Status
    workspaces: list[WorkspaceGrantView]
    workspaces_count: int
    more_workspaces: str | None
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime


class MemberUpdate(Body):
    """The fields to change (RFC 7396): `"expires_at": null` removes the end date."""

    # Absent is not null: what has no value of its own to fall back on cannot be removed.
    role: RoleName = Field(default_factory=str)
    status: Status = Field(default_factory=lambda: "active")
    expires_at: Moment | None = None


class MembersQuery(ListQuery[MembershipId]):
    email: Email | None = None
    role: RoleName | None = None


def view(membership: Membership) -> MemberView:
    status: Any = membership.status
    person = membership.user
    return {
        "id": show(Kind.MEMBERSHIP, membership.id),
        "organization_id": show(Kind.ORGANIZATION, membership.org_id),
        "user": {"id": show(Kind.USER, person.id), "email": person.email, "name": person.name},
        "role": role_ref(membership.role),
        "status": status,
        "workspaces": [workspace_grant(grant) for grant in membership.workspaces],
        "workspaces_count": membership.workspaces_count,
        "more_workspaces": _more(membership),
        "expires_at": membership.expires_at,
        "created_at": membership.created_at,
        "updated_at": membership.updated_at,
    }


def _more(membership: Membership) -> str | None:
    """The path to the workspace roles that the member's own view leaves out."""
    shown = membership.workspaces
    if membership.workspaces_count <= len(shown):
        return None
    org_id = show(Kind.ORGANIZATION, membership.org_id)
    member_id = show(Kind.MEMBERSHIP, membership.id)
    last = show(Kind.WORKSPACE, shown[-1].workspace_id)
    return f"{PREFIX}/organizations/{org_id}/members/{member_id}/workspaces?after={last}"


@route.get("", Permission.MEMBER_READ, id="members.list")
async def list_of_organization(ctx: ReadContext, query: MembersQuery) -> ListOf[MemberView]:
    """List the members of an organization; `email` and `role` filter them."""
    page = await memberships.list_members(
        ctx.reading, query.page, email=query.email, role=query.role
    )
    return listed(page, Kind.MEMBERSHIP, view)


@route.get("/{member_id}", Permission.MEMBER_READ, id="members.get")
async def get(ctx: ReadContext, member_id: MembershipId) -> MemberView:
    """Get a member of an organization."""
    return view(await memberships.get(ctx.reading, member_id))


@route.get("/{member_id}/workspaces", Permission.MEMBER_READ, id="members.list_workspaces")
async def list_workspaces(
    ctx: ReadContext, member_id: MembershipId, query: ListQuery[WorkspaceId]
) -> ListOf[WorkspaceGrantView]:
    """List a member's roles in workspaces that you can see, ordered by workspace id."""
    page = await memberships.list_workspaces(ctx.reading, member_id, query.page)
    return listed(page, Kind.WORKSPACE, workspace_grant)


@route.patch("/{member_id}", Permission.MEMBER_UPDATE, id="members.update", refuses={409, 412})
async def update(ctx: WriteContext, member_id: MembershipId, body: MemberUpdate) -> MemberView:
    """Change a member's role, status or end date."""
    terms = Terms(**body.model_dump(exclude_unset=True))
    updated = await memberships.update(
        ctx.in_organization, member_id, terms, expected=ctx.if_match(view)
    )
    return view(updated)


@route.delete("/{member_id}", Permission.MEMBER_REMOVE, id="members.remove", refuses={409})
async def remove(ctx: WriteContext, member_id: MembershipId) -> None:
    """Remove a member; they lose access to the organization from their next request on."""
    await offboarding.remove_member(ctx.in_organization, member_id)


@route.delete("/me", Requirement.SIGNED_IN, id="members.leave", refuses={409})
async def leave(ctx: WriteContext, org_id: OrganizationId) -> None:
    """Leave an organization; the last Admin and the owner of a personal organization cannot."""
    await offboarding.leave(ctx.tx, ctx.actor, org_id)
