"""What somebody is invited to, by their proven address: accepted or declined without the letter."""

from uuid import UUID

from starlette.responses import Response

from tenantry.console.account.profile import trail
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.paging import found, only, page_request
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import Guest
from tenantry.kit.ids import Kind, parse
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import Page
from tenantry.kit.refusals import NotFound
from tenantry.tenancy.invitations import acceptance, management
from tenantry.tenancy.invitations.decline import decline_mine
from tenantry.tenancy.invitations.model import MyInvitation

PATH = "/account/invitations"
_INVITATIONS = mark("Your invitations")
_JOINED = mark("You are a member now, as {role}.")
_ASKED = mark("Decline the invitation to {name}?")
_GOES = mark("{inviter} sees that you declined, and may invite you again.")
_DECLINE = mark("Decline the invitation")
_DECLINED = mark("You declined the invitation to {name}.")


async def show(guest: Guest) -> Response:
    """Show what is open; nothing as long as the address is not proven."""
    return guest.page(
        "own_invitations.html",
        invitations=await _mine(guest) if guest.actor.email_verified else None,
        trail=trail(guest),
        kinds=Kind,
        curl=guest.curl("GET", "/me/invitations"),
    )


async def accept(guest: Guest) -> Response:
    """Join. AccountUnverified, NotFound, InvitationSpent, InviterCannotGrant, LimitReached."""
    invitation_id = _id((await guest.visit.form()).text("invitation"))
    async with guest.writing() as (tx, actor):
        joined = await acceptance.accept_mine(
            tx, actor, guest.visit.meter, guest.service.limits, invitation_id
        )
    path = f"/organizations/{show_id(Kind.ORGANIZATION, joined.org_id)}"
    return guest.go_to(path, _JOINED, role=joined.role.name)


async def ask_to_decline(guest: Guest) -> Response:
    """Ask once more: only who invited can do so again."""
    offered = await _get(guest)
    shown_id = show_id(Kind.INVITATION, offered.id)
    return confirm(
        guest,
        Confirmation(
            title=_ASKED,
            words=(_GOES,),
            values={
                "name": offered.organization_name,
                "inviter": offered.invitation.invited_by.name,
            },
            button=_DECLINE,
            trail=trail(guest, (PATH, guest.visit.words(_INVITATIONS))),
            curl=guest.curl("POST", f"/me/invitations/{shown_id}/decline"),
        ),
    )


async def decline(guest: Guest) -> Response:
    """Decline. AccountUnverified, NotFound, InvitationSpent."""
    offered = await _get(guest)
    async with guest.writing() as (tx, actor):
        await decline_mine(tx, actor, offered.id)
    return guest.go_to(PATH, _DECLINED, name=offered.organization_name)


async def _mine(guest: Guest) -> Page[MyInvitation]:
    wanted = page_request(guest.visit, Kind.INVITATION, newest_first=True)
    return await management.list_mine(guest.reading, wanted)


async def _get(guest: Guest) -> MyInvitation:
    wanted = only(_id(guest.visit.path_params["invitation_id"]))
    return found(await management.list_mine(guest.reading, wanted))


def _id(text: str) -> UUID:
    invitation_id = parse(Kind.INVITATION, text)
    if invitation_id is None:
        raise NotFound
    return invitation_id
