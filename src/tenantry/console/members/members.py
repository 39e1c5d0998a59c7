"""The members of an organization, beside the pending invitations."""

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

_MOST_INVITATIONS = 10


@organization_page("/people", Permission.MEMBER_READ)
async def index(page: OrganizationPage) -> Response:
    """`email` and `role` in the query filter. The first page shows pending invitations too."""
    ctx = page.ctx
    wanted = page_request(ctx, Kind.MEMBERSHIP)
    email, role = ctx.query("email").strip(), ctx.query("role")
    members = await memberships.list_members(
        page.reading, wanted, email=(email_address(email) or email) or None, role=role or None
    )
    is_first_page = not (email or role or wanted.after or wanted.before)
    return page.render(
        "members/people.html",
        members=members,
        invitations=await _pending_invitations(page) if is_first_page else None,
        is_alone=is_first_page and len(members.items) == 1 and members.after is None,
        filter={"email": email, "role": role},
        roles=(await role_choices(page)).all,
        now=datetime.now(UTC),
        curl=page.curl("GET", f"/organizations/{page.org_id}/members"),
    )


@organization_page("/people/{member_id}", Permission.MEMBER_READ)
async def show(page: OrganizationPage) -> Response:
    member = await memberships.get(page.reading, page.ids["member_id"])
    wanted = page_request(page.ctx, Kind.WORKSPACE)
    return page.render(
        "members/member.html",
        member=member,
        grants=await memberships.list_workspaces(page.reading, member.id, wanted),
        member_id=show_id(Kind.MEMBERSHIP, member.id),
        is_me=member.user.id == page.actor.id,
        workspace_names=await workspace_names(page),
        breadcrumbs=breadcrumbs(page),
        now=datetime.now(UTC),
        curl=page.curl("GET", api_path(page, member)),
    )


def breadcrumbs(page: OrganizationPage, *more: Breadcrumb) -> list[Breadcrumb]:
    return [(f"{page.base}/people", page.ctx.translate(mark("Members"))), *more]


def breadcrumb(page: OrganizationPage, member: Membership) -> Breadcrumb:
    return f"{page.base}/people/{show_id(Kind.MEMBERSHIP, member.id)}", member.user.name


def api_path(page: OrganizationPage, member: Membership) -> str:
    return f"/organizations/{page.org_id}/members/{show_id(Kind.MEMBERSHIP, member.id)}"


async def _pending_invitations(page: OrganizationPage) -> Page[Invitation] | None:
    """The newest ones; None if the user may not see them."""
    if not page.may(Permission.MEMBER_INVITE):
        return None
    reader = page.reading_with(Permission.MEMBER_INVITE)
    newest = PageRequest(_MOST_INVITATIONS, descending=True)
    return await queries.list_invitations(reader, newest, status=PENDING)
