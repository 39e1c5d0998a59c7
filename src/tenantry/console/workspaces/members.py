"""Who belongs to a workspace: somebody is put in, gets another role there, or is taken out."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import role_choices, with_present
from tenantry.console.forms.confirmation import Confirmation, Way, confirm
from tenantry.console.forms.form import ValidationFailed
from tenantry.console.paging import found, only
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.console.workspaces.workspaces import path_of, trail, way_to
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
_UNKNOWN = mark("No member of the organization has this address. Invite them first.")
_PLACED = mark("{name} is {role} in {workspace}.")
_ASKED = mark("Take {name} out of {workspace}?")
_GOES = mark(
    "The role {role} of {name} ({email}) in {workspace} ends at once. In the organization they stay"
    " what they are."
)
_TAKE_OUT = mark("Take out")
_TAKEN_OUT = mark("{name} has no role in {workspace} any more.")


async def ask(member: OrganizationPage) -> Response:
    """Show the form: whom, and with which role."""
    workspace = await _workspace(member)
    return member.page(
        "add_workspace_member.html",
        workspace=workspace,
        trail=trail(member, way_to(member, workspace)),
        roles=(await role_choices(member)).given_there,
        suggested=await _suggested(member),
        curl=_curl(member, workspace, "PUT", _EXAMPLE),
    )


async def add(member: OrganizationPage) -> Response:
    """Put a member of the organization in. CannotGrantRole, RoleUnknown, WorkspaceArchived."""
    form = await member.filling()
    email, role = form.email("email"), form.text("role", most=60)
    form.ensure_valid()
    await member.reading.authorize()
    return await _placed(member, await _of_address(member, email), role)


async def show_one(member: OrganizationPage) -> Response:
    """Show somebody's role there, to be changed."""
    workspace, present = await _workspace(member), await _present(member)
    given = (await role_choices(member)).given_there
    return member.page(
        "workspace_member.html",
        present=present,
        trail=trail(member, way_to(member, workspace)),
        workspace=workspace,
        roles=with_present(given, (present.role.key, present.role.name)),
        curl=_curl(member, workspace, "PUT", _id_of(present)),
    )


async def change(member: OrganizationPage) -> Response:
    """Give them another role there. CannotGrantRole, RoleUnknown, WorkspaceArchived."""
    form, present = await member.filling(), await _present(member)
    return await _placed(member, present, form.text("role", most=60))


async def ask_to_remove(member: OrganizationPage) -> Response:
    """Ask once more, naming who is taken out of what."""
    workspace, present = await _workspace(member), await _present(member)
    return confirm(
        member,
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
            trail=trail(member, way_to(member, workspace), _way_to(member, workspace, present)),
            curl=_curl(member, workspace, "DELETE", _id_of(present)),
        ),
    )


async def remove(member: OrganizationPage) -> Response:
    """Take them out. CannotGrantRole, WorkspaceArchived."""
    workspace, present = await _workspace(member), await _present(member)
    await member.write(
        lambda tx, authority: membership.remove_member(tx, authority, workspace.id, present.id)
    )
    # Who takes themselves out may not see it any more.
    is_me = present.user_id == member.actor.id
    path = f"{member.base}/workspaces" if is_me else way_to(member, workspace)[0]
    return member.go_to(path, _TAKEN_OUT, name=present.name, workspace=workspace.name)


async def _workspace(member: OrganizationPage) -> Workspace:
    return await workspaces.get(member.reading, member.ids["workspace_id"])


async def _present(member: OrganizationPage) -> WorkspaceMember:
    wanted = only(member.ids["member_id"])
    return found(await membership.list_members(member.reading, member.ids["workspace_id"], wanted))


async def _suggested(member: OrganizationPage) -> list[Membership]:
    """The first members of the organization; none to who may not see them."""
    if not member.may(Permission.MEMBER_READ):
        return []
    reader = member.reading_with(Permission.MEMBER_READ)
    page = await memberships.list_members(reader, PageRequest(_SUGGESTED), email=None, role=None)
    return list(page.items)


async def _of_address(member: OrganizationPage, email: str) -> Membership:
    """The member of the organization with this address. Unfit."""
    reader = member.reading_with(Permission.MEMBER_READ)
    page = await memberships.list_members(reader, PageRequest(1), email=email, role=None)
    if not page.items:
        raise ValidationFailed({"email": _UNKNOWN})
    return page.items[0]


async def _placed(
    member: OrganizationPage, who: Membership | WorkspaceMember, role: str
) -> Response:
    workspace_id = member.ids["workspace_id"]
    placed = await member.write(
        lambda tx, authority: membership.put_member(
            tx, authority, member.visit.outbox, workspace_id, who.id, role
        )
    )
    workspace = await _workspace(member)
    there = placed.member
    return member.go_to(
        way_to(member, workspace)[0],
        _PLACED,
        name=there.name,
        role=there.role.name,
        workspace=workspace.name,
    )


def _way_to(member: OrganizationPage, workspace: Workspace, present: WorkspaceMember) -> Way:
    at = way_to(member, workspace)[0]
    return f"{at}/members/{_id_of(present)}", present.name


def _id_of(present: WorkspaceMember) -> str:
    return show_id(Kind.MEMBERSHIP, present.id)


def _curl(member: OrganizationPage, workspace: Workspace, method: str, member_id: str) -> str:
    body = {"role": "viewer"} if method == "PUT" else None
    return member.curl(method, f"{path_of(member, workspace)}/members/{member_id}", body)
