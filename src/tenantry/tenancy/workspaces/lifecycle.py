"""Changing, archiving and deleting workspaces."""

from dataclasses import replace
from uuid import UUID

from tenantry.authz.authority import Authority
from tenantry.authz.locks import lock_for_workspace
from tenantry.authz.roles.model import Role
from tenantry.kit.expectations import Expectation
from tenantry.kit.metadata import changed_metadata
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.workspaces import rules, store
from tenantry.tenancy.workspaces.model import (
    Workspace,
    WorkspaceChanges,
    grant_change,
    grant_snapshot,
)
from tenantry.tenancy.workspaces.store import count_with_role as count_with_role


async def lock(tx: Tx, authority: Authority, workspace_id: UUID) -> Workspace:
    """The workspace as it is now, under the organization's lock. NotFound."""
    await lock_for_workspace(tx, authority, workspace_id)
    workspace = await store.find(tx, authority.org_id, workspace_id)
    if workspace is None:
        raise NotFound
    return replace(workspace, role=authority.workspace_role)


async def update(
    tx: Tx,
    authority: Authority,
    workspace_id: UUID,
    changes: WorkspaceChanges,
    *,
    expected: Expectation[Workspace],
) -> Workspace:
    """Change a workspace, as far as it differs.

    NotFound; what `expected` raises; TooManyKeys; WorkspaceArchived; DefaultWorkspace where the
    default one would become private; SlugTaken.
    """
    workspace = await lock(tx, authority, workspace_id)
    expected(workspace)
    proposed = replace(
        workspace,
        name=changes.get("name", workspace.name),
        slug=changes.get("slug", workspace.slug),
        description=changes.get("description", workspace.description),
        visibility=changes.get("visibility", workspace.visibility),
        metadata=changed_metadata(workspace.metadata, changes),
    )
    rules.ensure_changeable(workspace, proposed)
    return _write(tx, authority, "workspace.updated", workspace, proposed)


async def archive(tx: Tx, authority: Authority, workspace_id: UUID) -> Workspace:
    """Make a workspace read-only and leave it out of lists. NotFound, DefaultWorkspace."""
    workspace = await lock(tx, authority, workspace_id)
    rules.ensure_archivable(workspace)
    if workspace.archived_at is not None:
        return workspace
    changed = replace(workspace, archived_at=tx.now)
    return _write(tx, authority, "workspace.archived", workspace, changed)


async def unarchive(tx: Tx, authority: Authority, workspace_id: UUID) -> Workspace:
    """Let an archived workspace be changed again. NotFound."""
    workspace = await lock(tx, authority, workspace_id)
    changed = replace(workspace, archived_at=None)
    return _write(tx, authority, "workspace.unarchived", workspace, changed)


async def delete(tx: Tx, workspace: Workspace) -> list[Change]:
    """Delete a locked workspace with the roles in it; the changes, for the event.

    DefaultWorkspace.
    """
    rules.ensure_archivable(workspace)
    left = await store.empty(tx, workspace)
    store.delete(tx, workspace)
    return [
        *(
            grant_change(workspace.id, grant_snapshot(held.membership_id, held.role_key), None)
            for held in left
        ),
        workspace.ended(),
    ]


async def replace_role(tx: Tx, role: Role, replacement: Role) -> list[Change]:
    """Replace a role in all workspaces; the changes, for the event."""
    return [
        grant_change(
            held.workspace_id,
            grant_snapshot(held.membership_id, role.key),
            grant_snapshot(held.membership_id, replacement.key),
        )
        for held in await store.replace_role(tx, role.org_id, role.id, replacement.id)
    ]


def _write(
    tx: Tx, authority: Authority, action: str, workspace: Workspace, changed: Workspace
) -> Workspace:
    if changed == workspace:
        return workspace
    changed = replace(changed, updated_at=tx.now)
    store.update(tx, changed)
    events.record_by(tx, authority, action, [changed.target()], [workspace.became(changed)])
    return changed
