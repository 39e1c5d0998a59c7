"""Invitations that an organization has sent."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import workspace_names
from tenantry.console.forms.confirmation import Breadcrumb, confirm
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


@organization_page("/people/invitations", Permission.MEMBER_INVITE)
async def index(page: OrganizationPage) -> Response:
    """The newest first; `status` in the query filters."""
    ctx = page.ctx
    status = ctx.query("status") if ctx.query("status") in STATUSES else None
    wanted = page_request(ctx, Kind.INVITATION, newest_first=True)
    return page.render(
        "invitations/invitations.html",
        invitations=await queries.list_invitations(page.reading, wanted, status=status),
        chosen_status=status or "",
        statuses=STATUSES,
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("GET", f"/organizations/{page.org_id}/invitations"),
    )


@organization_page("/people/invitations/{invitation_id}", Permission.MEMBER_INVITE)
async def show(page: OrganizationPage) -> Response:
    invitation = await _get(page)
    return page.render(
        "invitations/sent_invitation.html",
        invitation=invitation,
        invitation_id=show_id(Kind.INVITATION, invitation.id),
        statuses=STATUSES,
        deliveries=DELIVERIES,
        workspace_names=await workspace_names(page),
        breadcrumbs=_breadcrumbs(page),
        curl=page.curl("GET", _path(page, invitation)),
    )


@organization_page("/people/invitations/{invitation_id}/resend", Permission.MEMBER_INVITE)
async def confirm_resend(page: OrganizationPage) -> Response:
    invitation = await _get(page)
    return confirm(
        page,
        mark("Resend the invitation to {email}?"),
        mark(
            "We'll send an email with a new link, valid for seven days. The earlier link "
            "stops working. You become the inviter, so you must keep the right to grant the "
            "role {role}."
        ),
        values={"email": invitation.email, "role": invitation.role.name},
        button=mark("Resend"),
        breadcrumbs=_breadcrumbs(page, _breadcrumb(page, invitation)),
        curl=page.curl("POST", f"{_path(page, invitation)}/resend"),
        is_final=False,
    )


@confirm_resend.post
async def resend(page: OrganizationPage) -> Response:
    """InvitationSpent, AlreadyMember, CannotGrantRole, RateLimited."""
    ctx, invitation_id = page.ctx, page.ids["invitation_id"]
    resent = await page.write(
        lambda tx, authority: resend_invitation(ctx.use_case(tx, authority), invitation_id)
    )
    path, email = _breadcrumb(page, resent)
    return page.redirect(path, mark("Invitation resent to {email}"), email=email)


@organization_page("/people/invitations/{invitation_id}/revoke", Permission.MEMBER_INVITE)
async def confirm_revoke(page: OrganizationPage) -> Response:
    invitation = await _get(page)
    return confirm(
        page,
        mark("Revoke the invitation to {email}?"),
        mark("The link in the email stops working immediately. The recipient is not notified."),
        mark("You can send a new invitation at any time."),
        values={"email": invitation.email},
        button=mark("Revoke"),
        breadcrumbs=_breadcrumbs(page, _breadcrumb(page, invitation)),
        curl=page.curl("DELETE", _path(page, invitation)),
    )


@confirm_revoke.post
async def revoke(page: OrganizationPage) -> Response:
    """InvitationSpent, CannotGrantRole."""
    revoked = await page.write(
        lambda tx, authority: revoke_invitation(tx, authority, page.ids["invitation_id"])
    )
    done = mark("Invitation to {email} revoked")
    return page.redirect(f"{page.base}/people", done, email=revoked.email)


async def _get(page: OrganizationPage) -> Invitation:
    return await queries.get(page.reading, page.ids["invitation_id"])


def _breadcrumbs(page: OrganizationPage, *more: Breadcrumb) -> list[Breadcrumb]:
    invitations = f"{page.base}/people/invitations", page.ctx.translate(mark("Invitations"))
    return breadcrumbs(page, invitations, *more)


def _breadcrumb(page: OrganizationPage, invitation: Invitation) -> Breadcrumb:
    invitation_id = show_id(Kind.INVITATION, invitation.id)
    return f"{page.base}/people/invitations/{invitation_id}", invitation.email


def _path(page: OrganizationPage, invitation: Invitation) -> str:
    invitation_id = show_id(Kind.INVITATION, invitation.id)
    return f"/organizations/{page.org_id}/invitations/{invitation_id}"
