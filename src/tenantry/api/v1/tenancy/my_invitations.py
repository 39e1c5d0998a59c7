"""Invitations to the caller's own address."""

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import InvitationId
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.tenancy.invitations import InvitationView, NamedView
from tenantry.api.v1.tenancy.invitations import view as invitation_view
from tenantry.api.v1.tenancy.members import MemberView
from tenantry.api.v1.tenancy.members import view as member_view
from tenantry.http.access import Requirement
from tenantry.kit.ids import Kind
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.invitations.accept import accept_mine
from tenantry.tenancy.invitations.decline import decline_mine
from tenantry.tenancy.invitations.model import MyInvitation

route = Routes("/me/invitations", tags=("me", "invitations"))


class MyInvitationView(InvitationView):
    """An invitation, with the name of the organization."""

    organization: NamedView


def view(mine: MyInvitation) -> MyInvitationView:
    return {**invitation_view(mine.invitation), "organization": {"name": mine.organization_name}}


@route.get("", Requirement.SIGNED_IN, id="me.list_invitations", refuses={409})
async def list_open(ctx: ReadContext, query: ListQuery[InvitationId]) -> ListOf[MyInvitationView]:
    """List the open invitations to your address, from all organizations.

    Until your address is verified, this is `409 account_unverified`.
    """
    return listed(await queries.list_mine(ctx.reading, query.page), Kind.INVITATION, view)


@route.post(
    "/{invitation_id}/accept", Requirement.SIGNED_IN, id="me.accept_invitation", refuses={409, 410}
)
async def accept(ctx: WriteContext, invitation_id: InvitationId) -> MemberView:
    """Accept an invitation to your verified address; accepting again returns the same member."""
    return member_view(await accept_mine(ctx.as_person, invitation_id))


@route.post(
    "/{invitation_id}/decline",
    Requirement.SIGNED_IN,
    id="me.decline_invitation",
    refuses={409, 410},
)
async def decline(ctx: WriteContext, invitation_id: InvitationId) -> None:
    """Decline an invitation to your verified address."""
    await decline_mine(ctx.tx, ctx.actor, invitation_id)
