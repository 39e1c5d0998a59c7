"""People: everybody who belongs to an organization, and who is invited; and one member."""

from datetime import UTC, datetime

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import role_choices, workspace_names
from tenantry.console.forms.confirmation import Breadcrumb
from tenantry.console.paging import page_request
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.text import email_address
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.invitations.model import PENDING, Invitation
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Membership

PATH = "/people"
PEOPLE = mark("Members")
_OPEN_SHOWN = 10


@organization_page("/people", Permission.MEMBER_READ)
async def show(page: OrganizationPage) -> Response:
    """Show members page by page, and before the first ones who is invited and has not answered.

    `email` and `role` in the address narrow it down.
    """
    ctx = page.ctx
    wanted = page_request(ctx, Kind.MEMBERSHIP)
    email, role = ctx.query("email").strip(), ctx.query("role")
    members = await memberships.list_members(
        page.reading, wanted, email=(email_address(email) or email) or None, role=role or None
    )
    is_start = not (email or role or wanted.after or wanted.before)
    return page.render(
        "members/people.html",
        members=members,
        invited=await _invited(page) if is_start else None,
        is_alone=is_start and len(members.items) == 1 and members.after is None,
        kept={"email": email, "role": role},
        roles=(await role_choices(page)).all,
        kinds=Kind,
        now=datetime.now(UTC),
        curl=page.curl("GET", f"/organizations/{page.org_id}/members"),
    )


@organization_page("/people/{member_id}", Permission.MEMBER_READ)
async def show_one(page: OrganizationPage) -> Response:
    """Show a member: their role, their time, and their roles in workspaces."""
    shown = await memberships.get(page.reading, page.ids["member_id"])
    wanted = page_request(page.ctx, Kind.WORKSPACE)
    return page.render(
        "members/member.html",
        shown=shown,
        grants=await memberships.list_workspaces(page.reading, shown.id, wanted),
        member_id=show_id(Kind.MEMBERSHIP, shown.id),
        is_me=shown.user.id == page.actor.id,
        workspace_names=await workspace_names(page),
        kinds=Kind,
        now=datetime.now(UTC),
        curl=page.curl("GET", path_of(page, shown)),
    )


def breadcrumbs(page: OrganizationPage, *more: Breadcrumb) -> list[Breadcrumb]:
    """The way to a page under the list of people."""
    return [(f"{page.base}{PATH}", page.ctx.translate(PEOPLE)), *more]


def breadcrumb(page: OrganizationPage, shown: Membership) -> Breadcrumb:
    """The way to a member's own page."""
    return f"{page.base}{PATH}/{show_id(Kind.MEMBERSHIP, shown.id)}", shown.user.name


def path_of(page: OrganizationPage, shown: Membership) -> str:
    """Where the API has a member."""
    return f"/organizations/{page.org_id}/members/{show_id(Kind.MEMBERSHIP, shown.id)}"


async def _invited(page: OrganizationPage) -> Page[Invitation] | None:
    """The newest open invitations; None to who may not know of them."""
    if not page.may(Permission.MEMBER_INVITE):
        return None
    reader = page.reading_with(Permission.MEMBER_INVITE)
    newest = PageRequest(_OPEN_SHOWN, descending=True)
    return await queries.list_invitations(reader, newest, status=PENDING)
