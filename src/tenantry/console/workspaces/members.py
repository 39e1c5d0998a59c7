"""Who belongs to a workspace: somebody is put in, gets another role there, or is taken out."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import role_choices, with_present
from tenantry.console.forms.confirmation import Breadcrumb, Confirmation, confirm
from tenantry.console.forms.form import ValidationFailed
from tenantry.console.paging import found, only
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.console.workspaces.workspaces import breadcrumb, breadcrumbs, path_of
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Membership
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces import membership
from tenantry.tenancy.workspaces.model import Workspace, WorkspaceMember

_SUGGESTED = 100
_EXAMPLE = "mem_…"
_UNKNOWN = mark("No member has this address. Invite them to the organization first.")
_PLACED = mark("{name} is now {role} in {workspace}")
_ASKED = mark("Remove {name} from {workspace}?")
_GOES = mark(
    "{name} ({email}) loses the role {role} in {workspace} immediately, and stays a "
    "member of the organization."
)
_TAKE_OUT = mark("Remove")
_TAKEN_OUT = mark("{name} removed from {workspace}")


@organization_page("/workspaces/{workspace_id}/members/add", Permission.WORKSPACE_MANAGE_MEMBERS)
async def ask(page: OrganizationPage) -> Response:
    """Show the form: whom, and with which role."""
    workspace = await _workspace(page)
    return page.render(
        "workspaces/add_workspace_member.html",
        workspace=workspace,
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        roles=(await role_choices(page)).given_there,
        suggested=await _suggested(page),
        curl=_curl(page, workspace, "PUT", _EXAMPLE),
    )


@ask.post
async def add(page: OrganizationPage) -> Response:
    """Put a member of the organization in. CannotGrantRole, RoleUnknown, WorkspaceArchived."""
    form = await page.form()
    email, role = form.email("email"), form.text("role", most=60)
    form.ensure_valid()
    await page.reading.authorize()
    return await _placed(page, await _of_address(page, email), role)


@organization_page(
    "/workspaces/{workspace_id}/members/{member_id}", Permission.WORKSPACE_MANAGE_MEMBERS
)
async def show_one(page: OrganizationPage) -> Response:
    """Show somebody's role there, to be changed."""
    workspace, present = await _workspace(page), await _present(page)
    given = (await role_choices(page)).given_there
    return page.render(
        "workspaces/workspace_member.html",
        present=present,
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        workspace=workspace,
        roles=with_present(given, (present.role.key, present.role.name)),
        curl=_curl(page, workspace, "PUT", _id_of(present)),
    )


@show_one.post
async def change(page: OrganizationPage) -> Response:
    """Give them another role there. CannotGrantRole, RoleUnknown, WorkspaceArchived."""
    form, present = await page.form(), await _present(page)
    return await _placed(page, present, form.text("role", most=60))


@organization_page(
    "/workspaces/{workspace_id}/members/{member_id}/remove", Permission.WORKSPACE_MANAGE_MEMBERS
)
async def ask_to_remove(page: OrganizationPage) -> Response:
    """Ask once more, naming who is taken out of what."""
    workspace, present = await _workspace(page), await _present(page)
    return confirm(
        page,
        Confirmation(
            title=_ASKED,
            words=(_GOES,),
            values={
                "name": present.name,
                "email": present.email,
                "role": present.role.name,
                "workspace": workspace.name,
            },
            button=_TAKE_OUT,
            breadcrumbs=breadcrumbs(
                page, breadcrumb(page, workspace), _breadcrumb(page, workspace, present)
            ),
            curl=_curl(page, workspace, "DELETE", _id_of(present)),
        ),
    )


@ask_to_remove.post
async def remove(page: OrganizationPage) -> Response:
    """Take them out. CannotGrantRole, WorkspaceArchived."""
    workspace, present = await _workspace(page), await _present(page)
    await page.write(
        lambda tx, authority: membership.remove_member(tx, authority, workspace.id, present.id)
    )
    # Who takes themselves out may not see it any more.
    is_me = present.user_id == page.actor.id
    path = f"{page.base}/workspaces" if is_me else breadcrumb(page, workspace)[0]
    return page.redirect(path, _TAKEN_OUT, name=present.name, workspace=workspace.name)


async def _workspace(page: OrganizationPage) -> Workspace:
    return await workspaces.get(page.reading, page.ids["workspace_id"])


async def _present(page: OrganizationPage) -> WorkspaceMember:
    wanted = only(page.ids["member_id"])
    return found(await membership.list_members(page.reading, page.ids["workspace_id"], wanted))


async def _suggested(page: OrganizationPage) -> list[Membership]:
    """The first members of the organization; none to who may not see them."""
    if not page.may(Permission.MEMBER_READ):
        return []
    reader = page.reading_with(Permission.MEMBER_READ)
    listed = await memberships.list_members(reader, PageRequest(_SUGGESTED), email=None, role=None)
    return list(listed.items)


async def _of_address(page: OrganizationPage, email: str) -> Membership:
    """The member of the organization with this address. ValidationFailed."""
    reader = page.reading_with(Permission.MEMBER_READ)
    listed = await memberships.list_members(reader, PageRequest(1), email=email, role=None)
    if not listed.items:
        raise ValidationFailed({"email": _UNKNOWN})
    return listed.items[0]


async def _placed(page: OrganizationPage, who: Membership | WorkspaceMember, role: str) -> Response:
    workspace_id = page.ids["workspace_id"]
    placed = await page.write(
        lambda tx, authority: membership.put_member(
            page.ctx.use_case(tx, authority), workspace_id, who.id, role
        )
    )
    workspace = await _workspace(page)
    there = placed.member
    return page.redirect(
        breadcrumb(page, workspace)[0],
        _PLACED,
        name=there.name,
        role=there.role.name,
        workspace=workspace.name,
    )


def _breadcrumb(
    page: OrganizationPage, workspace: Workspace, present: WorkspaceMember
) -> Breadcrumb:
    at = breadcrumb(page, workspace)[0]
    return f"{at}/members/{_id_of(present)}", present.name


def _id_of(present: WorkspaceMember) -> str:
    return show_id(Kind.MEMBERSHIP, present.id)


def _curl(page: OrganizationPage, workspace: Workspace, method: str, member_id: str) -> str:
    body = {"role": "viewer"} if method == "PUT" else None
    return page.curl(method, f"{path_of(page, workspace)}/members/{member_id}", body)
