"""The invitations of an organization: all of them, one by itself, sent again, and withdrawn."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import workspace_names
from tenantry.console.forms.confirmation import Breadcrumb, Confirmation, confirm
from tenantry.console.members.members import breadcrumbs
from tenantry.console.paging import page_request
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.invitations.model import (
    ACCEPTED,
    DECLINED,
    EXPIRED,
    PENDING,
    REVOKED,
    Invitation,
)
from tenantry.tenancy.invitations.resend import resend as resend_invitation
from tenantry.tenancy.invitations.revoke import revoke as revoke_invitation

STATUSES = {
    PENDING: mark("Pending"),
    ACCEPTED: mark("Accepted"),
    DECLINED: mark("Declined"),
    REVOKED: mark("Revoked"),
    EXPIRED: mark("Expired"),
}
DELIVERIES = {
    "queued": mark("queued"),
    "sent": mark("sent"),
    "failed": mark("not delivered"),
}
INVITATIONS = mark("Invitations")

_RESEND_ASKED = mark("Resend the invitation to {email}?")
_RESEND_GOES = mark(
    "We'll send an email with a new link, valid for seven days. The earlier link "
    "stops working. You become the inviter, so you must keep the right to grant the "
    "role {role}."
)
_RESEND = mark("Resend")
_RESENT = mark("Invitation resent to {email}")
_REVOKE_ASKED = mark("Revoke the invitation to {email}?")
_REVOKE_GOES = mark(
    "The link in the email stops working immediately. The recipient is not notified."
)
_REVOKE_BACK = mark("You can send a new invitation at any time.")
_REVOKE = mark("Revoke")
_REVOKED = mark("Invitation to {email} revoked")


@organization_page("/people/invitations", Permission.MEMBER_INVITE)
async def show(page: OrganizationPage) -> Response:
    """Show them, the newest first; `status` in the address narrows it down."""
    ctx = page.ctx
    status = ctx.query("status") if ctx.query("status") in STATUSES else None
    listed = await queries.list_invitations(
        page.reading, page_request(ctx, Kind.INVITATION, newest_first=True), status=status
    )
    return page.render(
        "invitations/invitations.html",
        invitations=listed,
        wanted=status or "",
        statuses=STATUSES,
        breadcrumbs=breadcrumbs(page),
        kinds=Kind,
        curl=page.curl("GET", f"/organizations/{page.org_id}/invitations"),
    )


@organization_page("/people/invitations/{invitation_id}", Permission.MEMBER_INVITE)
async def show_one(page: OrganizationPage) -> Response:
    """Show what is offered, how it stands, and what can still be done."""
    shown = await queries.get(page.reading, page.ids["invitation_id"])
    return page.render(
        "invitations/sent_invitation.html",
        shown=shown,
        invitation_id=show_id(Kind.INVITATION, shown.id),
        statuses=STATUSES,
        deliveries=DELIVERIES,
        workspace_names=await workspace_names(page),
        breadcrumbs=_breadcrumbs(page),
        curl=page.curl("GET", _path(page, shown)),
    )


@organization_page("/people/invitations/{invitation_id}/resend", Permission.MEMBER_INVITE)
async def ask_to_resend(page: OrganizationPage) -> Response:
    """Ask once more, for the earlier link is lost by it."""
    shown = await queries.get(page.reading, page.ids["invitation_id"])
    return confirm(
        page,
        Confirmation(
            title=_RESEND_ASKED,
            words=(_RESEND_GOES,),
            values={"email": shown.email, "role": shown.role.name},
            button=_RESEND,
            breadcrumbs=_breadcrumbs(page, _breadcrumb(page, shown)),
            curl=page.curl("POST", f"{_path(page, shown)}/resend"),
            is_final=False,
        ),
    )


@ask_to_resend.post
async def resend(page: OrganizationPage) -> Response:
    """Send it again. InvitationSpent, AlreadyMember, CannotGrantRole, RateLimited."""
    ctx, invitation_id = page.ctx, page.ids["invitation_id"]
    renewed = await page.write(
        lambda tx, authority: resend_invitation(ctx.use_case(tx, authority), invitation_id)
    )
    path, email = _breadcrumb(page, renewed)
    return page.redirect(path, _RESENT, email=email)


@organization_page("/people/invitations/{invitation_id}/revoke", Permission.MEMBER_INVITE)
async def ask_to_revoke(page: OrganizationPage) -> Response:
    """Ask once more, naming whose it is."""
    shown = await queries.get(page.reading, page.ids["invitation_id"])
    return confirm(
        page,
        Confirmation(
            title=_REVOKE_ASKED,
            words=(_REVOKE_GOES, _REVOKE_BACK),
            values={"email": shown.email},
            button=_REVOKE,
            breadcrumbs=_breadcrumbs(page, _breadcrumb(page, shown)),
            curl=page.curl("DELETE", _path(page, shown)),
        ),
    )


@ask_to_revoke.post
async def revoke(page: OrganizationPage) -> Response:
    """Withdraw it. InvitationSpent, CannotGrantRole."""
    revoked = await page.write(
        lambda tx, authority: revoke_invitation(tx, authority, page.ids["invitation_id"])
    )
    return page.redirect(f"{page.base}/people", _REVOKED, email=revoked.email)


def _breadcrumbs(page: OrganizationPage, *more: Breadcrumb) -> list[Breadcrumb]:
    all_of_them = f"{page.base}/people/invitations", page.ctx.translate(INVITATIONS)
    return breadcrumbs(page, all_of_them, *more)


def _breadcrumb(page: OrganizationPage, shown: Invitation) -> Breadcrumb:
    path = f"{page.base}/people/invitations/{show_id(Kind.INVITATION, shown.id)}"
    return path, shown.email


def _path(page: OrganizationPage, shown: Invitation) -> str:
    shown_id = show_id(Kind.INVITATION, shown.id)
    return f"/organizations/{page.org_id}/invitations/{shown_id}"
