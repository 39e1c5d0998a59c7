"""Invitations."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, RequestContext, WriteContext
from tenantry.api.parsing import Unacceptable
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import (
    WHOLE,
    Body,
    Email,
    InvitationId,
    RoleName,
    Text,
    Token,
    WorkspaceId,
)
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import (
    InvitationIdText,
    OrganizationIdText,
    RoleRefView,
    UserIdText,
    WorkspaceGrantView,
    role_ref,
    workspace_grant,
)
from tenantry.api.v1.tenancy.members import MemberView
from tenantry.api.v1.tenancy.members import view as member_view
from tenantry.authz.builtin_permissions import VIEWER, Permission
from tenantry.http.access import Requirement
from tenantry.kit.ids import Kind, show
from tenantry.kit.secrets import Secret
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.invitations.accept import accept as accept_invitation
from tenantry.tenancy.invitations.decline import decline as decline_invitation
from tenantry.tenancy.invitations.invite import invite
from tenantry.tenancy.invitations.model import Invitation, InvitationRequest, Offered
from tenantry.tenancy.invitations.preview import preview as preview_invitation
from tenantry.tenancy.invitations.resend import resend as resend_invitation
from tenantry.tenancy.invitations.revoke import revoke as revoke_invitation

route = Routes("/organizations/{org_id}")
by_token = route.at("/invitations")

Status = Literal["pending", "accepted", "declined", "revoked", "expired"]


class InviterView(TypedDict):
    """Who sent the invitation."""

    id: UserIdText
    name: str


class InvitationView(TypedDict):
    """An invitation to join an organization with a role.

    `blocked_by` says why a pending one cannot be accepted.
    """

    id: InvitationIdText
    organization_id: OrganizationIdText
    email: str
    role: RoleRefView
    workspaces: list[WorkspaceGrantView]
    status: Status
    invited_by: InviterView
    expires_at: datetime
    delivery: Literal["queued", "sent", "failed"]
    blocked_by: Literal["inviter_cannot_grant"] | None
    created_at: datetime
    updated_at: datetime


class NamedView(TypedDict):
    """Something that is shown by its name only."""

    name: str


class InvitationPreview(TypedDict):
    """What the holder of a token may see before they sign in."""

    organization: NamedView
    email: str
    role: NamedView
    invited_by: NamedView
    expires_at: datetime


class InvitationWorkspace(Body):
    """A role in one workspace."""

    workspace_id: WorkspaceId
    role: RoleName


class InvitationCreate(Body):
    """A new invitation."""

    email: Email
    role: RoleName = VIEWER
    workspaces: Annotated[list[InvitationWorkspace], Field(max_length=50)] = Field(
        default_factory=list[InvitationWorkspace]
    )
    expires_in_days: Annotated[int, Field(ge=1, le=30), WHOLE] = 7
    message: Text = ""


class InvitationsQuery(ListQuery[InvitationId]):
    status: Status | None = None


class InvitationToken(Body):
    """The token from the invitation email."""

    token: Token


def view(invitation: Invitation) -> InvitationView:
    """An invitation as JSON, without its token, which is only in the email."""
    status: Any = invitation.status
    delivery: Any = invitation.delivery
    inviter = invitation.invited_by
    return {
        "id": show(Kind.INVITATION, invitation.id),
        "organization_id": show(Kind.ORGANIZATION, invitation.org_id),
        "email": invitation.email,
        "role": role_ref(invitation.role),
        "workspaces": [workspace_grant(grant) for grant in invitation.workspaces],
        "status": status,
        "invited_by": {"id": show(Kind.USER, inviter.id), "name": inviter.name},
        "expires_at": invitation.expires_at,
        "delivery": delivery,
        "blocked_by": None if invitation.inviter_can_grant else "inviter_cannot_grant",
        "created_at": invitation.created_at,
        "updated_at": invitation.updated_at,
    }


def preview_view(offered: Offered) -> InvitationPreview:
    return {
        "organization": {"name": offered.organization_name},
        "email": offered.email,
        "role": {"name": offered.role.name},
        "invited_by": {"name": offered.inviter.name},
        "expires_at": offered.expires_at,
    }


def request_of(body: InvitationCreate) -> InvitationRequest:
    """What is to be offered. Unacceptable where a workspace is named twice."""
    wanted = {each.workspace_id: each.role for each in body.workspaces}
    if len(wanted) != len(body.workspaces):
        raise Unacceptable(
            [{"pointer": "#/workspaces", "detail": "The same workspace is listed twice."}]
        )
    return InvitationRequest(
        email=body.email,
        role=body.role,
        workspaces=wanted,
        lifetime=timedelta(days=body.expires_in_days),
        message=body.message,
    )


@route.post(
    "/members/invite",
    Permission.MEMBER_INVITE,
    id="invitations.create",
    tags=("organizations", "invitations"),
    creates="/organizations/{organization_id}/invitations/{id}",
    limited=True,
)
async def create(ctx: WriteContext, body: InvitationCreate) -> InvitationView:
    """Invite a person by email; the email is sent as soon as the invitation is created."""
    return view(await invite(ctx.in_organization, request_of(body)))


@route.get("/invitations", Permission.MEMBER_INVITE, id="invitations.list")
async def list_of_organization(ctx: ReadContext, query: InvitationsQuery) -> ListOf[InvitationView]:
    """List the invitations of an organization; `status` filters them.

    A pending invitation past its time is listed as expired.
    """
    page = await queries.list_invitations(ctx.reading, query.page, status=query.status)
    return listed(page, Kind.INVITATION, view)


@route.get("/invitations/{invitation_id}", Permission.MEMBER_INVITE, id="invitations.get")
async def get(ctx: ReadContext, invitation_id: InvitationId) -> InvitationView:
    """Get an invitation of an organization."""
    return view(await queries.get(ctx.reading, invitation_id))


@route.delete(
    "/invitations/{invitation_id}",
    Permission.MEMBER_INVITE,
    id="invitations.revoke",
    refuses={410, 412},
)
async def revoke(ctx: WriteContext, invitation_id: InvitationId) -> None:
    """Revoke an open invitation: the link in its email stops working at once."""
    await revoke_invitation(ctx.tx, ctx.authority, invitation_id, expected=ctx.if_match(view))


@route.post(
    "/invitations/{invitation_id}/resend",
    Permission.MEMBER_INVITE,
    id="invitations.resend",
    refuses={409, 410, 412},
    limited=True,
)
async def resend(ctx: WriteContext, invitation_id: InvitationId) -> InvitationView:
    """Send a pending or expired invitation again, with a new link and seven more days.

    The earlier link stops working. You become the inviter: the invitation can be accepted as long
    as you may give its role.
    """
    renewed = await resend_invitation(
        ctx.in_organization, invitation_id, expected=ctx.if_match(view)
    )
    return view(renewed)


@by_token.post(
    "/preview", Requirement.ANYONE, id="invitations.preview", refuses={404, 409, 410}, limited=True
)
async def preview(ctx: RequestContext, body: InvitationToken) -> InvitationPreview:
    """Show what an invitation offers, without accepting it.

    `409 inviter_cannot_grant` means that it cannot be accepted, because the inviter has left or may
    no longer give all of it. It can still be declined, or sent again by someone who may.
    """
    token = Secret(body.token)
    return preview_view(await preview_invitation(ctx.account, token))


@by_token.post(
    "/accept", Requirement.SIGNED_IN, id="invitations.accept", refuses={403, 404, 409, 410}
)
async def accept(ctx: WriteContext, body: InvitationToken) -> MemberView:
    """Accept an invitation to your address; accepting again returns the same member."""
    return member_view(await accept_invitation(ctx.as_person, Secret(body.token)))


@by_token.post(
    "/decline", Requirement.ANYONE, id="invitations.decline", refuses={404, 410}, limited=True
)
async def decline(ctx: RequestContext, body: InvitationToken) -> None:
    """Decline an invitation with its token; the inviter can see that it was declined."""
    await decline_invitation(ctx.account, Secret(body.token))
