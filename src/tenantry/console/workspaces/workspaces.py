"""Workspaces: all that somebody may see, one by itself with its members, and a new one."""

from starlette.responses import Response

from tenantry.console.forms.choices import Choice
from tenantry.console.forms.confirmation import Way
from tenantry.console.forms.form import Form
from tenantry.console.paging import page_request
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces import membership
from tenantry.tenancy.workspaces.actions import NewWorkspace
from tenantry.tenancy.workspaces.model import OPEN, PRIVATE, Workspace

PATH = "/workspaces"
WORKSPACES = mark("Workspaces")
LONGEST_DESCRIPTION = 500
_OPEN = mark("Everybody in the organization")
_PRIVATE = mark("Its own members and Admins alone")
_MADE = mark("The workspace {name} is made, and you are its Admin.")


async def show(member: OrganizationPage) -> Response:
    """Show them page by page; archived ones beside the others where the address says so."""
    ctx = member.visit
    archived = ctx.query("archived") == "true"
    wanted = page_request(ctx, Kind.WORKSPACE)
    page = await workspaces.list_workspaces(member.reading, wanted, archived=archived)
    query = "?archived=true" if archived else ""
    return member.page(
        "workspaces.html",
        workspaces=page,
        archived=archived,
        is_lonely=len(page.items) <= 1 and not (wanted.after or wanted.before),
        kinds=Kind,
        curl=member.curl("GET", f"/organizations/{member.org_id}/workspaces{query}"),
    )


async def show_one(member: OrganizationPage) -> Response:
    """Show a workspace, and page by page who holds a role in it."""
    workspace = await workspaces.get(member.reading, member.ids["workspace_id"])
    members = await membership.list_members(
        member.reading, workspace.id, page_request(member.visit, Kind.MEMBERSHIP)
    )
    return member.page(
        "workspace.html",
        workspace=workspace,
        workspace_id=show_id(Kind.WORKSPACE, workspace.id),
        members=members,
        kinds=Kind,
        curl=member.curl("GET", path_of(member, workspace)),
    )


async def ask(member: OrganizationPage) -> Response:
    """Show the form of a new one."""
    await member.reading.authorize()
    example = {"name": "Apollo", "visibility": PRIVATE}
    return member.page(
        "new_workspace.html",
        trail=trail(member),
        visibilities=visibilities(member),
        curl=member.curl("POST", f"/organizations/{member.org_id}/workspaces", example),
    )


async def make(member: OrganizationPage) -> Response:
    """Make it. SlugTaken, LimitReached."""
    form = await member.filling()
    draft = NewWorkspace(
        form.name("name"),
        form.slug("slug"),
        form.text("description", most=LONGEST_DESCRIPTION),
        visibility(form),
    )
    form.ensure_valid()
    made = await member.write(
        lambda tx, authority: workspaces.create(tx, authority, member.service.limits, draft)
    )
    path, name = way_to(member, made)
    return member.go_to(path, _MADE, name=name)


def visibility(form: Form) -> str:
    """Who shall see the workspace."""
    return form.choice("visibility", frozenset((OPEN, PRIVATE)))


def visibilities(member: OrganizationPage) -> list[Choice]:
    """Who may see a workspace, to choose from."""
    say = member.visit.words
    return [(OPEN, say(_OPEN)), (PRIVATE, say(_PRIVATE))]


def trail(member: OrganizationPage, *more: Way) -> list[Way]:
    """The way to a page under the list of workspaces."""
    return [(f"{member.base}{PATH}", member.visit.words(WORKSPACES)), *more]


def way_to(member: OrganizationPage, workspace: Workspace) -> Way:
    """The way to a workspace's own page."""
    return f"{member.base}{PATH}/{show_id(Kind.WORKSPACE, workspace.id)}", workspace.name


def path_of(member: OrganizationPage, workspace: Workspace) -> str:
    """Where the API has a workspace."""
    return f"/organizations/{member.org_id}/workspaces/{show_id(Kind.WORKSPACE, workspace.id)}"
