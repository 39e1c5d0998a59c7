"""Editing, archiving, unarchiving and deleting a workspace."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import ADMIN, Permission
from tenantry.console.forms.confirmation import confirm
from tenantry.console.forms.edit_conflict import as_shown
from tenantry.console.forms.metadata import metadata_in, metadata_rows
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.console.workspaces.workspaces import (
    LONGEST_DESCRIPTION,
    api_path,
    breadcrumb,
    breadcrumbs,
    visibilities,
    visibility_in,
)
from tenantry.http.request import DOCUMENT_BODY
from tenantry.tenancy.replacement import actions as replacement
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces import lifecycle
from tenantry.tenancy.workspaces.model import PRIVATE, Workspace, WorkspaceChanges


@organization_page(
    "/workspaces/{workspace_id}/edit", Permission.WORKSPACE_UPDATE, largest_form=DOCUMENT_BODY
)
async def edit(page: OrganizationPage) -> Response:
    workspace = await _get(page)
    return page.render(
        "workspaces/edit_workspace.html",
        workspace=workspace,
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        visibilities=visibilities(page),
        rows=metadata_rows(workspace.metadata),
        curl=page.curl("PATCH", api_path(page, workspace), {"name": workspace.name}),
    )


@edit.post
async def update(page: OrganizationPage) -> Response:
    """EditConflict, SlugTaken, WorkspaceArchived, DefaultWorkspace."""
    form = await page.form()
    changes = WorkspaceChanges(
        name=form.name("name"),
        description=form.text("description", most=LONGEST_DESCRIPTION),
        visibility=visibility_in(form),
        metadata=metadata_in(form),
    )
    if slug := form.slug("slug"):
        changes["slug"] = slug
    form.ensure_valid()
    workspace = await page.write(
        lambda tx, authority: lifecycle.update(
            tx, authority, page.ids["workspace_id"], changes, expected=as_shown(form)
        )
    )
    path, name = breadcrumb(page, workspace)
    if not _can_see(page, workspace):
        path = f"{page.base}/workspaces"
    return page.redirect(path, mark("Workspace {name} updated"), name=name)


@organization_page("/workspaces/{workspace_id}/archive", Permission.WORKSPACE_UPDATE)
async def confirm_archive(page: OrganizationPage) -> Response:
    workspace = await _get(page)
    return confirm(
        page,
        mark("Archive {name}?"),
        mark("Archived workspaces are read-only and hidden from lists."),
        mark("You can unarchive it at any time."),
        values={"name": workspace.name},
        button=mark("Archive"),
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        curl=page.curl("POST", f"{api_path(page, workspace)}/archive"),
        is_final=False,
    )


@confirm_archive.post
async def archive(page: OrganizationPage) -> Response:
    """DefaultWorkspace."""
    workspace = await page.write(
        lambda tx, authority: lifecycle.archive(tx, authority, page.ids["workspace_id"])
    )
    path, name = breadcrumb(page, workspace)
    return page.redirect(path, mark("{name} archived"), name=name)


@organization_page("/workspaces/{workspace_id}/unarchive", Permission.WORKSPACE_UPDATE)
async def confirm_unarchive(page: OrganizationPage) -> Response:
    workspace = await _get(page)
    return confirm(
        page,
        mark("Unarchive {name}?"),
        mark("It can be edited again, with the same members."),
        values={"name": workspace.name},
        button=mark("Unarchive"),
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        curl=page.curl("POST", f"{api_path(page, workspace)}/unarchive"),
        is_final=False,
    )


@confirm_unarchive.post
async def unarchive(page: OrganizationPage) -> Response:
    workspace = await page.write(
        lambda tx, authority: lifecycle.unarchive(tx, authority, page.ids["workspace_id"])
    )
    path, name = breadcrumb(page, workspace)
    return page.redirect(path, mark("{name} unarchived"), name=name)


@organization_page("/workspaces/{workspace_id}/delete", Permission.WORKSPACE_DELETE)
async def confirm_delete(page: OrganizationPage) -> Response:
    workspace = await _get(page)
    return confirm(
        page,
        mark("Delete {name}?"),
        mark(
            "This deletes the workspace {name} ({slug}) with all roles in it, also those in "
            "open invitations."
        ),
        mark("This cannot be undone. Archive it instead to keep its data."),
        values={"name": workspace.name, "slug": workspace.slug},
        button=mark("Delete permanently"),
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        curl=page.curl("DELETE", api_path(page, workspace)),
    )


@confirm_delete.post
async def delete(page: OrganizationPage) -> Response:
    """DefaultWorkspace."""
    workspace = await _get(page)
    await page.write(
        lambda tx, authority: replacement.delete_workspace(tx, authority, workspace.id)
    )
    deleted = mark("Workspace {name} deleted")
    return page.redirect(f"{page.base}/workspaces", deleted, name=workspace.name)


async def _get(page: OrganizationPage) -> Workspace:
    return await workspaces.get(page.reading, page.ids["workspace_id"])


def _can_see(page: OrganizationPage, workspace: Workspace) -> bool:
    """False for a user who has just made it private and is not a member of it."""
    is_member = page.organization.role.key == ADMIN or workspace.role is not None
    return is_member or workspace.visibility != PRIVATE
