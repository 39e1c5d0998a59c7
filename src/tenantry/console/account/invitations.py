"""The invitations of a signed-in user, by their confirmed address."""

from uuid import UUID

from starlette.responses import Response

from tenantry.console.account.profile import breadcrumbs
from tenantry.console.forms.confirmation import confirm
from tenantry.console.paging import found, only, page_request
from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.kit.ids import Kind, parse
from tenantry.kit.ids import show as show_id
from tenantry.kit.refusals import NotFound
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.invitations.accept import accept_mine
from tenantry.tenancy.invitations.decline import decline_mine
from tenantry.tenancy.invitations.model import MyInvitation

PATH = "/account/invitations"


@user_page("/account/invitations")
async def index(page: UserPage) -> Response:
    """Lists none before the address is confirmed."""
    invitations = None
    if page.actor.email_verified:
        wanted = page_request(page.ctx, Kind.INVITATION, newest_first=True)
        invitations = await queries.list_mine(page.reading, wanted)
    return page.render(
        "account/own_invitations.html",
        invitations=invitations,
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("GET", "/me/invitations"),
    )


@index.post
async def accept(page: UserPage) -> Response:
    """AccountUnverified, NotFound, InvitationSpent, InviterCannotGrant, LimitReached."""
    invitation_id = _id((await page.ctx.form()).text("invitation"))
    joined = await page.write_as_self(
        lambda tx, actor: accept_mine(page.ctx.use_case(tx, actor), invitation_id)
    )
    path = f"/organizations/{show_id(Kind.ORGANIZATION, joined.org_id)}"
    return page.redirect(path, mark("You joined as {role}"), role=joined.role.name)


@user_page("/account/invitations/{invitation_id}/decline")
async def confirm_decline(page: UserPage) -> Response:
    invitation = await _get(page)
    shown_id = show_id(Kind.INVITATION, invitation.id)
    return confirm(
        page,
        mark("Decline invitation to {name}?"),
        mark("{inviter} will see that you declined, and can invite you again."),
        values={
            "name": invitation.organization_name,
            "inviter": invitation.invitation.invited_by.name,
        },
        button=mark("Decline invitation"),
        breadcrumbs=breadcrumbs(page, (PATH, page.ctx.translate(mark("Your invitations")))),
        curl=page.curl("POST", f"/me/invitations/{shown_id}/decline"),
    )


@confirm_decline.post
async def decline(page: UserPage) -> Response:
    """AccountUnverified, NotFound, InvitationSpent."""
    invitation = await _get(page)
    await page.write_as_self(lambda tx, actor: decline_mine(tx, actor, invitation.id))
    name = invitation.organization_name
    return page.redirect(PATH, mark("Invitation to {name} declined"), name=name)


async def _get(page: UserPage) -> MyInvitation:
    wanted = only(_id(page.ctx.path_params["invitation_id"]))
    return found(await queries.list_mine(page.reading, wanted))


def _id(text: str) -> UUID:
    invitation_id = parse(Kind.INVITATION, text)
    if invitation_id is None:
        raise NotFound
    return invitation_id
