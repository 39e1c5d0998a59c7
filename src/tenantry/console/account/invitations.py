"""What somebody is invited to, by their proven address: accepted or declined without the letter."""

from uuid import UUID

from starlette.responses import Response

from tenantry.console.account.profile import breadcrumbs
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.paging import found, only, page_request
from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.kit.ids import Kind, parse
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import Page
from tenantry.kit.refusals import NotFound
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.invitations.accept import accept_mine
from tenantry.tenancy.invitations.decline import decline_mine
from tenantry.tenancy.invitations.model import MyInvitation

PATH = "/account/invitations"
_INVITATIONS = mark("Your invitations")
_JOINED = mark("You joined as {role}")
_ASKED = mark("Decline invitation to {name}?")
_GOES = mark("{inviter} will see that you declined, and can invite you again.")
_DECLINE = mark("Decline invitation")
_DECLINED = mark("Invitation to {name} declined")


@user_page("/account/invitations")
async def show(page: UserPage) -> Response:
    """Show what is open; nothing as long as the address is not proven."""
    return page.render(
        "account/own_invitations.html",
        invitations=await _mine(page) if page.actor.email_verified else None,
        breadcrumbs=breadcrumbs(page),
        kinds=Kind,
        curl=page.curl("GET", "/me/invitations"),
    )


@show.post
async def accept(page: UserPage) -> Response:
    """Join. AccountUnverified, NotFound, InvitationSpent, InviterCannotGrant, LimitReached."""
    invitation_id = _id((await page.ctx.form()).text("invitation"))
    joined = await page.write_as_self(
        lambda tx, actor: accept_mine(page.ctx.use_case(tx, actor), invitation_id)
    )
    path = f"/organizations/{show_id(Kind.ORGANIZATION, joined.org_id)}"
    return page.redirect(path, _JOINED, role=joined.role.name)


@user_page("/account/invitations/{invitation_id}/decline")
async def ask_to_decline(page: UserPage) -> Response:
    """Ask once more: only who invited can do so again."""
    offered = await _get(page)
    shown_id = show_id(Kind.INVITATION, offered.id)
    return confirm(
        page,
        Confirmation(
            title=_ASKED,
            words=(_GOES,),
            values={
                "name": offered.organization_name,
                "inviter": offered.invitation.invited_by.name,
            },
            button=_DECLINE,
            breadcrumbs=breadcrumbs(page, (PATH, page.ctx.translate(_INVITATIONS))),
            curl=page.curl("POST", f"/me/invitations/{shown_id}/decline"),
        ),
    )


@ask_to_decline.post
async def decline(page: UserPage) -> Response:
    """Decline. AccountUnverified, NotFound, InvitationSpent."""
    offered = await _get(page)
    await page.write_as_self(lambda tx, actor: decline_mine(tx, actor, offered.id))
    return page.redirect(PATH, _DECLINED, name=offered.organization_name)


async def _mine(page: UserPage) -> Page[MyInvitation]:
    wanted = page_request(page.ctx, Kind.INVITATION, newest_first=True)
    return await queries.list_mine(page.reading, wanted)


async def _get(page: UserPage) -> MyInvitation:
    wanted = only(_id(page.ctx.path_params["invitation_id"]))
    return found(await queries.list_mine(page.reading, wanted))


def _id(text: str) -> UUID:
    invitation_id = parse(Kind.INVITATION, text)
    if invitation_id is None:
        raise NotFound
    return invitation_id
