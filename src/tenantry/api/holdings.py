"""What somebody may do, on the wire; and who can do something."""

from typing import Any, Literal

from typing_extensions import TypedDict

from tenantry.api.context import ReadingHere
from tenantry.api.fields import MembershipId, OrganizationId, Query, WorkspaceId
from tenantry.api.members import MemberUserView
from tenantry.api.paging import ListOf, ListQuery, listed
from tenantry.api.shown import (
    MembershipIdText,
    OrganizationIdText,
    RoleRefView,
    UserIdText,
    WorkspaceIdText,
    organization_id,
    role_ref,
    user_id,
    workspace_id,
)
from tenantry.checks import actions as checks
from tenantry.checks.model import Able, Holding, Holdings
from tenantry.kit.ids import Kind, show


class HoldingView(TypedDict):
    """What somebody may do in one workspace, by their role in the organization and there."""

    workspace_id: WorkspaceIdText
    archived: bool
    role: RoleRefView | None
    permissions: list[str]


class HoldingsView(TypedDict):
    """What somebody may do in an organization, and in each workspace that they see."""

    organization_id: OrganizationIdText
    member_id: MembershipIdText
    user_id: UserIdText
    role: RoleRefView
    permissions: list[str]
    workspaces: list[HoldingView]
    revision: int


class AbleView(TypedDict):
    """A member who can do it, and by which of their roles."""

    id: MembershipIdText
    organization_id: OrganizationIdText
    user: MemberUserView
    role: RoleRefView
    workspace_role: RoleRefView | None
    allowed_by: list[Literal["role", "workspace_role"]]


class MyPermissionsQuery(Query):
    """In which organization."""

    organization_id: OrganizationId


class AbleQuery(ListQuery[MembershipId]):
    """In which workspace; in the organization where none is named."""

    workspace_id: WorkspaceId | None = None


def _holding(holding: Holding) -> HoldingView:
    return {
        "workspace_id": workspace_id(holding.workspace_id),
        "archived": holding.archived,
        "role": holding.role and role_ref(holding.role),
        "permissions": holding.permissions,
    }


def view(holdings: Holdings) -> HoldingsView:
    """What somebody may do, as it is sent."""
    return {
        "organization_id": organization_id(holdings.org_id),
        "member_id": show(Kind.MEMBERSHIP, holdings.membership_id),
        "user_id": user_id(holdings.user_id),
        "role": role_ref(holdings.role),
        "permissions": holdings.permissions,
        "workspaces": list(map(_holding, holdings.workspaces)),
        "revision": holdings.revision,
    }


async def of_member(here: ReadingHere) -> HoldingsView:
    """Get what a member may do in the organization, and in each workspace that both of you see.

    Who is suspended, or whose time is over, may do nothing.
    """
    return view(await checks.holdings_of(here.reading, here.ids["member_id"]))


async def of_mine(here: ReadingHere, query: MyPermissionsQuery) -> HoldingsView:
    """Get what you may do in an organization, and in each workspace that you see."""
    return view(await checks.holdings_of_mine(here.reading, query.organization_id))


async def members_who_can(here: ReadingHere, query: AbleQuery) -> ListOf[AbleView]:
    """List the members who can do something in the organization, or in one workspace.

    In a workspace that you do not see, nobody can, as far as you are told.
    """
    org_id = organization_id(here.ids["org_id"])

    def able_view(able: Able) -> AbleView:
        by: Any = list(able.allowed_by)
        return {
            "id": show(Kind.MEMBERSHIP, able.id),
            "organization_id": org_id,
            "user": {"id": user_id(able.user_id), "email": able.email, "name": able.name},
            "role": role_ref(able.role),
            "workspace_role": able.there and role_ref(able.there),
            "allowed_by": by,
        }

    page = await checks.list_able(
        here.reading,
        query.page,
        permission=here.names["permission"],
        workspace_id=query.workspace_id,
    )
    return listed(page, Kind.MEMBERSHIP, able_view)
