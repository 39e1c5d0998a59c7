"""Ending a role or a workspace, with everything that hung on it."""

from uuid import UUID

from tenantry.access.authority import Authority
from tenantry.database.transaction import Tx
from tenantry.events import actions as events
from tenantry.events.model import Change
from tenantry.invitations import replacement as invitations
from tenantry.memberships import actions as memberships
from tenantry.roles import actions as roles
from tenantry.roles.model import Role
from tenantry.workspaces import lifecycle as workspaces


async def retire_role(
    tx: Tx, authority: Authority, role_id: UUID, *, replace_with: UUID | None
) -> None:
    """End a role; whoever holds it, or is offered it, has the other one from the commit on.

    NotFound, CannotGrantRole, RoleUnknown, DefaultRole; RoleInUse where no other one is named.
    """
    role, replacement = await roles.lock_to_retire(
        tx, authority, role_id, replace_with=replace_with
    )
    uses = await count_uses(tx, role)
    ended = roles.retire(tx, role, uses, replacement)
    if replacement is not None:
        changes = await _replaced(tx, role, replacement)
    else:
        # Nobody holds it, and no open invitation offers it; one past its time may, and could be
        # sent again.
        changes = await invitations.withdraw_role(tx, role)
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        "role.deleted",
        targets=[role.target(), *([replacement.target()] if replacement else [])],
        changes=[*changes, ended],
    )


async def count_uses(tx: Tx, role: Role) -> dict[str, int]:
    """How many would feel a change of the role, by where they hold it or are offered it."""
    return {
        "members": await memberships.count_with_role(tx, role),
        "workspace_members": await workspaces.count_with_role(tx, role),
        "invitations": await invitations.count_with_role(tx, role),
    }


async def delete_workspace(tx: Tx, authority: Authority, workspace_id: UUID) -> None:
    """Delete a workspace, the roles held in it, and what invitations offer there.

    NotFound, DefaultWorkspace.
    """
    workspace = await workspaces.lock(tx, authority, workspace_id)
    offered = await invitations.drop_workspace(tx, authority.org_id, workspace_id)
    changes = await workspaces.delete(tx, workspace)
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        "workspace.deleted",
        targets=[workspace.target()],
        changes=[*offered, *changes],
    )


async def _replaced(tx: Tx, role: Role, replacement: Role) -> list[Change]:
    return [
        *await memberships.replace_role(tx, role, replacement),
        *await workspaces.replace_role(tx, role, replacement),
        *await invitations.replace_role(tx, role, replacement),
    ]
