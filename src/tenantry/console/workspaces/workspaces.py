"""Workspaces: all that somebody may see, one by itself with its members, and a new one."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.forms.choices import Choice
from tenantry.console.forms.confirmation import Breadcrumb
from tenantry.console.forms.form import Form
from tenantry.console.paging import page_request
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.http.request import DOCUMENT_BODY
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces import membership
from tenantry.tenancy.workspaces.actions import NewWorkspace
from tenantry.tenancy.workspaces.model import OPEN, PRIVATE, Workspace

PATH = "/workspaces"
WORKSPACES = mark("Workspaces")
LONGEST_DESCRIPTION = 500
_OPEN = mark("Everyone in the organization")
_PRIVATE = mark("Only its members and Admins")
_MADE = mark("Workspace {name} created. You are its Admin.")


@organization_page("/workspaces", Permission.WORKSPACE_READ)
async def show(page: OrganizationPage) -> Response:
    """Show them page by page; archived ones beside the others where the address says so."""
    ctx = page.ctx
    archived = ctx.query("archived") == "true"
    wanted = page_request(ctx, Kind.WORKSPACE)
    listed = await workspaces.list_workspaces(page.reading, wanted, archived=archived)
    query = "?archived=true" if archived else ""
    return page.render(
        "workspaces/workspaces.html",
        workspaces=listed,
        archived=archived,
        is_lonely=len(listed.items) <= 1 and not (wanted.after or wanted.before),
        kinds=Kind,
        curl=page.curl("GET", f"/organizations/{page.org_id}/workspaces{query}"),
    )


@organization_page("/workspaces/{workspace_id}", Permission.WORKSPACE_READ)
async def show_one(page: OrganizationPage) -> Response:
    """Show a workspace, and page by page who holds a role in it."""
    workspace = await workspaces.get(page.reading, page.ids["workspace_id"])
    members = await membership.list_members(
        page.reading, workspace.id, page_request(page.ctx, Kind.MEMBERSHIP)
    )
    return page.render(
        "workspaces/workspace.html",
        workspace=workspace,
        workspace_id=show_id(Kind.WORKSPACE, workspace.id),
        members=members,
        kinds=Kind,
        curl=page.curl("GET", path_of(page, workspace)),
    )


@organization_page("/workspaces/new", Permission.WORKSPACE_CREATE, largest_form=DOCUMENT_BODY)
async def ask(page: OrganizationPage) -> Response:
    """Show the form of a new one."""
    await page.reading.authorize()
    example = {"name": "Apollo", "visibility": PRIVATE}
    return page.render(
        "workspaces/new_workspace.html",
        breadcrumbs=breadcrumbs(page),
        visibilities=visibilities(page),
        curl=page.curl("POST", f"/organizations/{page.org_id}/workspaces", example),
    )


@ask.post
async def make(page: OrganizationPage) -> Response:
    """Make it. SlugTaken, LimitReached."""
    form = await page.form()
    draft = NewWorkspace(
        form.name("name"),
        form.slug("slug"),
        form.text("description", most=LONGEST_DESCRIPTION),
        visibility(form),
    )
    form.ensure_valid()
    made = await page.write(
        lambda tx, authority: workspaces.create(tx, authority, page.service.limits, draft)
    )
    path, name = breadcrumb(page, made)
    return page.redirect(path, _MADE, name=name)


def visibility(form: Form) -> str:
    """Who shall see the workspace."""
    return form.choice("visibility", frozenset((OPEN, PRIVATE)))


def visibilities(page: OrganizationPage) -> list[Choice]:
    """Who may see a workspace, to choose from."""
    translate = page.ctx.translate
    return [(OPEN, translate(_OPEN)), (PRIVATE, translate(_PRIVATE))]


def breadcrumbs(page: OrganizationPage, *more: Breadcrumb) -> list[Breadcrumb]:
    """The way to a page under the list of workspaces."""
    return [(f"{page.base}{PATH}", page.ctx.translate(WORKSPACES)), *more]


def breadcrumb(page: OrganizationPage, workspace: Workspace) -> Breadcrumb:
    """The way to a workspace's own page."""
    return f"{page.base}{PATH}/{show_id(Kind.WORKSPACE, workspace.id)}", workspace.name


def path_of(page: OrganizationPage, workspace: Workspace) -> str:
    """Where the API has a workspace."""
    return f"/organizations/{page.org_id}/workspaces/{show_id(Kind.WORKSPACE, workspace.id)}"
