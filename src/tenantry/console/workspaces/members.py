"""The members of a workspace: adding one, changing their role there, removing one."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import role_choices, with_current
from tenantry.console.forms.confirmation import confirm
from tenantry.console.forms.form import ValidationFailed
from tenantry.console.paging import found, only
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.console.workspaces.workspaces import api_path, breadcrumb, breadcrumbs
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Membership
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces import membership
from tenantry.tenancy.workspaces.model import Workspace, WorkspaceMember

_MOST_SUGGESTIONS = 100


@organization_page("/workspaces/{workspace_id}/members/add", Permission.WORKSPACE_MANAGE_MEMBERS)
async def new(page: OrganizationPage) -> Response:
    workspace = await _workspace(page)
    return page.render(
        "workspaces/add_workspace_member.html",
        workspace=workspace,
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        roles=(await role_choices(page)).grantable_in_workspace,
        suggestions=await _suggestions(page),
        curl=_curl(page, workspace, "PUT", "mem_…"),
    )


@new.post
async def add(page: OrganizationPage) -> Response:
    """CannotGrantRole, RoleUnknown, WorkspaceArchived."""
    form = await page.form()
    email, role = form.email("email"), form.text("role", most=60)
    form.ensure_valid()
    await page.reading.authorize()
    return await _put(page, await _member_of_organization(page, email), role)


@organization_page(
    "/workspaces/{workspace_id}/members/{member_id}", Permission.WORKSPACE_MANAGE_MEMBERS
)
async def edit(page: OrganizationPage) -> Response:
    workspace, member = await _workspace(page), await _member(page)
    grantable = (await role_choices(page)).grantable_in_workspace
    return page.render(
        "workspaces/workspace_member.html",
        member=member,
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        workspace=workspace,
        roles=with_current(grantable, (member.role.key, member.role.name)),
        curl=_curl(page, workspace, "PUT", _id(member)),
    )


@edit.post
async def update(page: OrganizationPage) -> Response:
    """CannotGrantRole, RoleUnknown, WorkspaceArchived."""
    form, member = await page.form(), await _member(page)
    return await _put(page, member, form.text("role", most=60))


@organization_page(
    "/workspaces/{workspace_id}/members/{member_id}/remove", Permission.WORKSPACE_MANAGE_MEMBERS
)
async def confirm_remove(page: OrganizationPage) -> Response:
    workspace, member = await _workspace(page), await _member(page)
    path, name = breadcrumb(page, workspace)
    return confirm(
        page,
        mark("Remove {name} from {workspace}?"),
        mark(
            "{name} ({email}) loses the role {role} in {workspace} immediately, and stays a "
            "member of the organization."
        ),
        values={
            "name": member.name,
            "email": member.email,
            "role": member.role.name,
            "workspace": workspace.name,
        },
        button=mark("Remove"),
        breadcrumbs=breadcrumbs(page, (path, name), (f"{path}/members/{_id(member)}", member.name)),
        curl=_curl(page, workspace, "DELETE", _id(member)),
    )


@confirm_remove.post
async def remove(page: OrganizationPage) -> Response:
    """CannotGrantRole, WorkspaceArchived."""
    workspace, member = await _workspace(page), await _member(page)
    await page.write(
        lambda tx, authority: membership.remove_member(tx, authority, workspace.id, member.id)
    )
    # Users who remove themselves may not see it any more.
    is_me = member.user_id == page.actor.id
    path = f"{page.base}/workspaces" if is_me else breadcrumb(page, workspace)[0]
    removed = mark("{name} removed from {workspace}")
    return page.redirect(path, removed, name=member.name, workspace=workspace.name)


async def _workspace(page: OrganizationPage) -> Workspace:
    return await workspaces.get(page.reading, page.ids["workspace_id"])


async def _member(page: OrganizationPage) -> WorkspaceMember:
    wanted = only(page.ids["member_id"])
    return found(await membership.list_members(page.reading, page.ids["workspace_id"], wanted))


async def _suggestions(page: OrganizationPage) -> list[Membership]:
    """Members of the organization; empty if the user may not see them."""
    if not page.may(Permission.MEMBER_READ):
        return []
    reader = page.reading_with(Permission.MEMBER_READ)
    wanted = PageRequest(_MOST_SUGGESTIONS)
    return list((await memberships.list_members(reader, wanted, email=None, role=None)).items)


async def _member_of_organization(page: OrganizationPage, email: str) -> Membership:
    """ValidationFailed if no member has this address."""
    reader = page.reading_with(Permission.MEMBER_READ)
    listed = await memberships.list_members(reader, PageRequest(1), email=email, role=None)
    if not listed.items:
        unknown = mark("No member has this address. Invite them to the organization first.")
        raise ValidationFailed({"email": unknown})
    return listed.items[0]


async def _put(page: OrganizationPage, who: Membership | WorkspaceMember, role: str) -> Response:
    workspace_id = page.ids["workspace_id"]
    put = await page.write(
        lambda tx, authority: membership.put_member(
            page.ctx.use_case(tx, authority), workspace_id, who.id, role
        )
    )
    workspace = await _workspace(page)
    return page.redirect(
        breadcrumb(page, workspace)[0],
        mark("{name} is now {role} in {workspace}"),
        name=put.member.name,
        role=put.member.role.name,
        workspace=workspace.name,
    )


def _id(member: WorkspaceMember) -> str:
    return show_id(Kind.MEMBERSHIP, member.id)


def _curl(page: OrganizationPage, workspace: Workspace, method: str, member_id: str) -> str:
    body = {"role": "viewer"} if method == "PUT" else None
    return page.curl(method, f"{api_path(page, workspace)}/members/{member_id}", body)
