"""Workspaces: the list, one with its members, and a new one."""

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

LONGEST_DESCRIPTION = 500


@organization_page("/workspaces", Permission.WORKSPACE_READ)
async def index(page: OrganizationPage) -> Response:
    """`archived=true` in the query includes archived ones."""
    archived = page.ctx.query("archived") == "true"
    wanted = page_request(page.ctx, Kind.WORKSPACE)
    listed = await workspaces.list_workspaces(page.reading, wanted, archived=archived)
    query = "?archived=true" if archived else ""
    return page.render(
        "workspaces/workspaces.html",
        workspaces=listed,
        archived=archived,
        is_first=len(listed.items) <= 1 and not (wanted.after or wanted.before),
        curl=page.curl("GET", f"/organizations/{page.org_id}/workspaces{query}"),
    )


@organization_page("/workspaces/{workspace_id}", Permission.WORKSPACE_READ)
async def show(page: OrganizationPage) -> Response:
    workspace = await workspaces.get(page.reading, page.ids["workspace_id"])
    wanted = page_request(page.ctx, Kind.MEMBERSHIP)
    return page.render(
        "workspaces/workspace.html",
        workspace=workspace,
        workspace_id=show_id(Kind.WORKSPACE, workspace.id),
        members=await membership.list_members(page.reading, workspace.id, wanted),
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("GET", api_path(page, workspace)),
    )


@organization_page("/workspaces/new", Permission.WORKSPACE_CREATE, largest_form=DOCUMENT_BODY)
async def new(page: OrganizationPage) -> Response:
    await page.reading.authorize()
    example = {"name": "Apollo", "visibility": PRIVATE}
    return page.render(
        "workspaces/new_workspace.html",
        breadcrumbs=breadcrumbs(page),
        visibilities=visibilities(page),
        curl=page.curl("POST", f"/organizations/{page.org_id}/workspaces", example),
    )


@new.post
async def create(page: OrganizationPage) -> Response:
    """SlugTaken, LimitReached."""
    form = await page.form()
    draft = NewWorkspace(
        form.name("name"),
        form.slug("slug"),
        form.text("description", most=LONGEST_DESCRIPTION),
        visibility_in(form),
    )
    form.ensure_valid()
    workspace = await page.write(
        lambda tx, authority: workspaces.create(tx, authority, page.service.limits, draft)
    )
    path, name = breadcrumb(page, workspace)
    return page.redirect(path, mark("Workspace {name} created. You are its Admin."), name=name)


def visibility_in(form: Form) -> str:
    return form.choice("visibility", frozenset((OPEN, PRIVATE)))


def visibilities(page: OrganizationPage) -> list[Choice]:
    translate = page.ctx.translate
    return [
        (OPEN, translate(mark("Everyone in the organization"))),
        (PRIVATE, translate(mark("Only its members and Admins"))),
    ]


def breadcrumbs(page: OrganizationPage, *more: Breadcrumb) -> list[Breadcrumb]:
    return [(f"{page.base}/workspaces", page.ctx.translate(mark("Workspaces"))), *more]


def breadcrumb(page: OrganizationPage, workspace: Workspace) -> Breadcrumb:
    return f"{page.base}/workspaces/{show_id(Kind.WORKSPACE, workspace.id)}", workspace.name


def api_path(page: OrganizationPage, workspace: Workspace) -> str:
    return f"/organizations/{page.org_id}/workspaces/{show_id(Kind.WORKSPACE, workspace.id)}"
