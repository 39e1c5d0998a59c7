"""The overview of an organization: numbers, identifiers, recent activity and first steps."""

from dataclasses import dataclass

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.routing import organization_page
from tenantry.console.texts.events import EventTexts
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Event
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.model import Summary
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces.model import Workspace

_RECENT = 5


@dataclass(frozen=True, slots=True)
class NextStep:
    """A first step that has not been taken, and the page for it."""

    path: str
    title: str
    description: str


_INVITE = NextStep(
    "/people/invite",
    mark("Invite members"),
    mark("Everyone you invite gets an email with a link."),
)
_CREATE_WORKSPACE = NextStep(
    "/workspaces/new",
    mark("Create workspace"),
    mark("Group people by project, team or customer."),
)
_CALL_API = NextStep(
    "/developer",
    mark("Call the API"),
    mark("Endpoints, identifiers and code examples."),
)


@organization_page("", Permission.ORGANIZATION_READ)
async def show(page: OrganizationPage) -> Response:
    """Each part is shown if the user's role permits it."""
    summary = await organizations.summarize(page.reading)
    return page.render(
        "organizations/overview.html",
        summary=summary,
        recent=await _recent(page),
        texts=EventTexts(page.ctx.translate),
        workspace=await _default_workspace(page),
        workspace_id=show_id(Kind.WORKSPACE, page.organization.default_workspace_id),
        next_steps=[step for step in _steps(summary) if page.can_open(step.path)],
        curl=page.curl("GET", f"/organizations/{page.org_id}"),
    )


async def _recent(page: OrganizationPage) -> list[Event] | None:
    """None if the user may not read events."""
    if not page.may(Permission.EVENT_READ):
        return None
    reader = page.reading_with(Permission.EVENT_READ)
    listed = await events.list_events(reader, PageRequest(_RECENT, descending=True), action=None)
    return list(listed.items)


async def _default_workspace(page: OrganizationPage) -> Workspace | None:
    """None if the user may not see workspaces."""
    if not page.may(Permission.WORKSPACE_READ):
        return None
    workspace_id = page.organization.default_workspace_id
    reader = page.reading_with(Permission.WORKSPACE_READ, workspace_id)
    return await workspaces.get(reader, workspace_id)


def _steps(summary: Summary) -> list[NextStep]:
    steps = [
        (_INVITE, summary.members + summary.pending_invitations == 1),
        (_CREATE_WORKSPACE, summary.workspaces == 1),
        (_CALL_API, True),
    ]
    return [step for step, is_open in steps if is_open]
