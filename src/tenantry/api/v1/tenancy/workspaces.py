"""Workspaces."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Name, Slug, Text, WorkspaceId
from tenantry.api.schemas.metadata import Metadata, MetadataPatch, changes_of
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import OrganizationIdText, RoleRefView, WorkspaceIdText, role_ref
from tenantry.authz.builtin_permissions import Permission
from tenantry.http.request import DOCUMENT_BODY
from tenantry.kit.ids import Kind, show
from tenantry.tenancy.replacement import actions as retirements
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces import lifecycle
from tenantry.tenancy.workspaces.actions import NewWorkspace
from tenantry.tenancy.workspaces.model import Workspace, WorkspaceChanges

route = Routes("/organizations/{org_id}/workspaces")

Visibility = Literal["organization", "private"]


class WorkspaceView(TypedDict):
    """A workspace; `role` is the caller's role in it, if they have one."""

    id: WorkspaceIdText
    organization_id: OrganizationIdText
    name: str
    slug: str
    description: str
    is_default: bool
    visibility: Visibility
    metadata: dict[str, str]
    role: RoleRefView | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class WorkspaceCreate(Body):
    """A new workspace. Without a slug, its slug is derived from the name."""

    name: Name
    slug: Slug | None = None
    description: Text = ""
    visibility: Visibility = "organization"
    metadata: Metadata = Field(default_factory=dict)


class WorkspaceUpdate(Body):
    """The fields to change (RFC 7396): `metadata` merges by key, and null removes a key."""

    # Absent is not null: what has no value of its own to fall back on cannot be removed.
    name: Name = Field(default_factory=str)
    slug: Slug = Field(default_factory=str)
    description: Text = Field(default_factory=str)
    visibility: Visibility = Field(default_factory=lambda: "organization")
    metadata: MetadataPatch | None = None


class WorkspacesQuery(ListQuery[WorkspaceId]):
    archived: Literal["true", "false"] = "false"


def view(workspace: Workspace) -> WorkspaceView:
    visibility: Any = workspace.visibility
    return {
        "id": show(Kind.WORKSPACE, workspace.id),
        "organization_id": show(Kind.ORGANIZATION, workspace.org_id),
        "name": workspace.name,
        "slug": workspace.slug,
        "description": workspace.description,
        "is_default": workspace.is_default,
        "visibility": visibility,
        "metadata": dict(workspace.metadata),
        "role": role_ref(workspace.role) if workspace.role else None,
        "archived_at": workspace.archived_at,
        "created_at": workspace.created_at,
        "updated_at": workspace.updated_at,
    }


@route.post(
    "",
    Permission.WORKSPACE_CREATE,
    id="workspaces.create",
    tags=("organizations", "workspaces"),
    creates="/organizations/{organization_id}/workspaces/{id}",
    largest_body=DOCUMENT_BODY,
)
async def create(ctx: WriteContext, body: WorkspaceCreate) -> WorkspaceView:
    """Create a workspace; you join it with the Admin role."""
    draft = NewWorkspace(body.name, body.slug, body.description, body.visibility, body.metadata)
    return view(await workspaces.create(ctx.tx, ctx.authority, ctx.service.limits, draft))


@route.get(
    "", Permission.WORKSPACE_READ, id="workspaces.list", tags=("organizations", "workspaces")
)
async def list_seen(ctx: ReadContext, query: WorkspacesQuery) -> ListOf[WorkspaceView]:
    """List the workspaces that you can see; `archived=true` includes archived ones."""
    archived = query.archived == "true"
    page = await workspaces.list_workspaces(ctx.reading, query.page, archived=archived)
    return listed(page, Kind.WORKSPACE, view)


@route.get(
    "/{workspace_id}",
    Permission.WORKSPACE_READ,
    id="workspaces.get",
    tags=("organizations", "workspaces"),
)
async def get(ctx: ReadContext, workspace_id: WorkspaceId) -> WorkspaceView:
    """Get a workspace that you can see."""
    return view(await workspaces.get(ctx.reading, workspace_id))


@route.patch(
    "/{workspace_id}",
    Permission.WORKSPACE_UPDATE,
    id="workspaces.update",
    refuses={409, 412},
    largest_body=DOCUMENT_BODY,
)
async def update(
    ctx: WriteContext, workspace_id: WorkspaceId, body: WorkspaceUpdate
) -> WorkspaceView:
    """Change a workspace's name, slug, description, visibility or metadata."""
    changes = WorkspaceChanges(**changes_of(body))
    updated = await lifecycle.update(
        ctx.tx, ctx.authority, workspace_id, changes, expected=ctx.if_match(view)
    )
    return view(updated)


@route.post(
    "/{workspace_id}/archive", Permission.WORKSPACE_UPDATE, id="workspaces.archive", refuses={409}
)
async def archive(ctx: WriteContext, workspace_id: WorkspaceId) -> WorkspaceView:
    """Archive a workspace: it becomes read-only, and lists leave it out."""
    return view(await lifecycle.archive(ctx.tx, ctx.authority, workspace_id))


@route.post("/{workspace_id}/unarchive", Permission.WORKSPACE_UPDATE, id="workspaces.unarchive")
async def unarchive(ctx: WriteContext, workspace_id: WorkspaceId) -> WorkspaceView:
    """Unarchive a workspace."""
    return view(await lifecycle.unarchive(ctx.tx, ctx.authority, workspace_id))


@route.delete("/{workspace_id}", Permission.WORKSPACE_DELETE, id="workspaces.delete", refuses={409})
async def delete(ctx: WriteContext, workspace_id: WorkspaceId) -> None:
    """Delete a workspace for good; open invitations no longer offer it."""
    await retirements.delete_workspace(ctx.tx, ctx.authority, workspace_id)
