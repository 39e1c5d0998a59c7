"""A workspace is changed, put aside, taken up again, or ends."""

from starlette.responses import Response

from tenantry.authz.builtin_permissions import ADMIN, Permission
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.forms.edit_conflict import as_shown
from tenantry.console.forms.metadata import metadata_in, noted
from tenantry.console.routing import organization_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import OrganizationPage
from tenantry.console.workspaces.workspaces import (
    LONGEST_DESCRIPTION,
    breadcrumb,
    breadcrumbs,
    path_of,
    visibilities,
    visibility,
)
from tenantry.http.request import DOCUMENT_BODY
from tenantry.tenancy.replacement import actions as retirements
from tenantry.tenancy.workspaces import actions as workspaces
from tenantry.tenancy.workspaces import lifecycle
from tenantry.tenancy.workspaces.model import PRIVATE, Workspace, WorkspaceChanges

_CHANGED = mark("Workspace {name} updated")
_ARCHIVE_ASKED = mark("Archive {name}?")
_ARCHIVE_GOES = mark("Archived workspaces are read-only and hidden from lists.")
_ARCHIVE_BACK = mark("You can unarchive it at any time.")
_ARCHIVE = mark("Archive")
_ARCHIVED = mark("{name} archived")
_UNARCHIVE_ASKED = mark("Unarchive {name}?")
_UNARCHIVE_GOES = mark("It can be edited again, with the same members.")
_UNARCHIVE = mark("Unarchive")
_UNARCHIVED = mark("{name} unarchived")
_DELETE_ASKED = mark("Delete {name}?")
_DELETE_GOES = mark(
    "This deletes the workspace {name} ({slug}) with all roles in it, also those in "
    "open invitations."
)
_DELETE_BACK = mark("This cannot be undone. Archive it instead to keep its data.")
_DELETE = mark("Delete permanently")
_DELETED = mark("Workspace {name} deleted")


@organization_page(
    "/workspaces/{workspace_id}/edit", Permission.WORKSPACE_UPDATE, largest_form=DOCUMENT_BODY
)
async def ask(page: OrganizationPage) -> Response:
    """Show the form of its name, slug, description, metadata, and who sees it."""
    workspace = await _get(page)
    return page.render(
        "workspaces/edit_workspace.html",
        workspace=workspace,
        breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
        visibilities=visibilities(page),
        rows=noted(workspace.metadata),
        curl=page.curl("PATCH", path_of(page, workspace), {"name": workspace.name}),
    )


@ask.post
async def change(page: OrganizationPage) -> Response:
    """Change it. EditConflict, SlugTaken, WorkspaceArchived, DefaultWorkspace."""
    form = await page.form()
    changes = WorkspaceChanges(
        name=form.name("name"),
        description=form.text("description", most=LONGEST_DESCRIPTION),
        visibility=visibility(form),
        metadata=metadata_in(form),
    )
    if slug := form.slug("slug"):
        changes["slug"] = slug
    form.ensure_valid()
    changed = await page.write(
        lambda tx, authority: lifecycle.update(
            tx, authority, page.ids["workspace_id"], changes, expected=as_shown(form)
        )
    )
    path, name = breadcrumb(page, changed)
    if not _may_see(page, changed):
        path = f"{page.base}/workspaces"
    return page.redirect(path, _CHANGED, name=name)


@organization_page("/workspaces/{workspace_id}/archive", Permission.WORKSPACE_UPDATE)
async def ask_to_archive(page: OrganizationPage) -> Response:
    """Ask once more before it is put aside."""
    workspace = await _get(page)
    return confirm(
        page,
        Confirmation(
            title=_ARCHIVE_ASKED,
            words=(_ARCHIVE_GOES, _ARCHIVE_BACK),
            values={"name": workspace.name},
            button=_ARCHIVE,
            breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
            curl=page.curl("POST", f"{path_of(page, workspace)}/archive"),
            is_final=False,
        ),
    )


@ask_to_archive.post
async def archive(page: OrganizationPage) -> Response:
    """Put it aside. DefaultWorkspace."""
    workspace = await page.write(
        lambda tx, authority: lifecycle.archive(tx, authority, page.ids["workspace_id"])
    )
    path, name = breadcrumb(page, workspace)
    return page.redirect(path, _ARCHIVED, name=name)


@organization_page("/workspaces/{workspace_id}/unarchive", Permission.WORKSPACE_UPDATE)
async def ask_to_unarchive(page: OrganizationPage) -> Response:
    """Ask before it is taken up again: a link alone changes nothing."""
    workspace = await _get(page)
    return confirm(
        page,
        Confirmation(
            title=_UNARCHIVE_ASKED,
            words=(_UNARCHIVE_GOES,),
            values={"name": workspace.name},
            button=_UNARCHIVE,
            breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
            curl=page.curl("POST", f"{path_of(page, workspace)}/unarchive"),
            is_final=False,
        ),
    )


@ask_to_unarchive.post
async def unarchive(page: OrganizationPage) -> Response:
    """Take it up again."""
    workspace = await page.write(
        lambda tx, authority: lifecycle.unarchive(tx, authority, page.ids["workspace_id"])
    )
    path, name = breadcrumb(page, workspace)
    return page.redirect(path, _UNARCHIVED, name=name)


@organization_page("/workspaces/{workspace_id}/delete", Permission.WORKSPACE_DELETE)
async def ask_to_delete(page: OrganizationPage) -> Response:
    """Ask once more, naming what goes with it."""
    workspace = await _get(page)
    return confirm(
        page,
        Confirmation(
            title=_DELETE_ASKED,
            words=(_DELETE_GOES, _DELETE_BACK),
            values={"name": workspace.name, "slug": workspace.slug},
            button=_DELETE,
            breadcrumbs=breadcrumbs(page, breadcrumb(page, workspace)),
            curl=page.curl("DELETE", path_of(page, workspace)),
        ),
    )


@ask_to_delete.post
async def delete(page: OrganizationPage) -> Response:
    """End it. DefaultWorkspace."""
    workspace = await _get(page)
    await page.write(
        lambda tx, authority: retirements.delete_workspace(tx, authority, workspace.id)
    )
    return page.redirect(f"{page.base}/workspaces", _DELETED, name=workspace.name)


async def _get(page: OrganizationPage) -> Workspace:
    return await workspaces.get(page.reading, page.ids["workspace_id"])


def _may_see(page: OrganizationPage, workspace: Workspace) -> bool:
    """Whether somebody who made it private still sees it."""
    is_insider = page.organization.role.key == ADMIN or workspace.role is not None
    return is_insider or workspace.visibility != PRIVATE
