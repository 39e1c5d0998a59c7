"""Deleting a role, a workspace or a service account, with everything that depends on it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tenantry.authz.authority import Authority
from tenantry.authz.roles import actions as roles
from tenantry.authz.roles.model import Role
from tenantry.credentials.api_keys import endings as api_keys
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.context import OrganizationContext
from tenantry.platform.mail import actions as mail
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import replacement as invitations
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships import emails
from tenantry.tenancy.workspaces import lifecycle as workspaces


async def replace_role(
    ctx: OrganizationContext, role_id: UUID, *, replace_with: UUID | None
) -> None:
    """Delete a role; everyone who has it, or was offered it, gets the replacement.

    All who have it are notified by one email, except the person who deletes it.
    NotFound, CannotGrantRole, RoleUnknown, DefaultRole; RoleInUse where no other one is named.
    """
    tx, authority = ctx.tx, ctx.principal
    role, replacement = await roles.lock_to_retire(
        tx, authority, role_id, replace_with=replace_with
    )
    uses = await count_uses(tx, role)
    ended = roles.retire(tx, role, uses, replacement)
    if replacement is not None:
        await _notify(ctx, role, replacement)
        changes = await _replaced(tx, role, replacement)
    else:
        # No one has it, and no open invitation offers it; an expired one may, and could be
        # sent again.
        changes = await invitations.withdraw_role(tx, role)
    events.record_by(
        tx,
        authority,
        "role.deleted",
        [role.target(), *([replacement.target()] if replacement else [])],
        [*changes, ended],
    )


async def preview_role(
    tx: Tx, authority: Authority, role_id: UUID, changes: Mapping[str, Any]
) -> tuple[Role, Role, dict[str, int]]:
    """A role as it is and as it would be, and how many would be affected, by `count_uses`.

    NotFound, CannotGrantRole, PermissionUnknown, DefaultRole.
    """
    role, proposed = await roles.preview(tx, authority, role_id, changes)
    return role, proposed, await count_uses(tx, role)


async def count_uses(tx: Tx, role: Role) -> dict[str, int]:
    """How many a change of the role affects, by kind."""
    return {
        "members": await memberships.count_with_role(tx, role),
        "workspace_members": await workspaces.count_with_role(tx, role),
        "invitations": await invitations.count_with_role(tx, role),
        "api_keys": await api_keys.count_with_role(tx, role),
        "service_accounts": await service_accounts.count_with_role(tx, role),
    }


async def delete_workspace(tx: Tx, authority: Authority, workspace_id: UUID) -> None:
    """Delete a workspace with the roles in it, what invitations offer in it, and the keys and
    service accounts that are bound to it.

    NotFound, DefaultWorkspace.
    """
    workspace = await workspaces.lock(tx, authority, workspace_id)
    offered = await invitations.drop_workspace(tx, authority.org_id, workspace_id)
    bound = await _end_bound(tx, authority.org_id, workspace_id)
    changes = await workspaces.delete(tx, workspace)
    events.record_by(
        tx, authority, "workspace.deleted", [workspace.target()], [*offered, *bound, *changes]
    )


async def delete_service_account(tx: Tx, authority: Authority, account_id: UUID) -> None:
    """Delete a service account with its keys. NotFound, CannotGrantRole."""
    locked, account = await service_accounts.lock(tx, authority, account_id)
    keys = await api_keys.end(tx, authority.org_id, "service_account", account_id)
    ended = service_accounts.end(tx, locked, account)
    events.record_by(
        tx,
        authority,
        "service_account.deleted",
        [account.target()],
        [*keys, ended],
        workspace_id=account.workspace_id,
    )


async def _end_bound(tx: Tx, org_id: UUID, workspace_id: UUID) -> list[Change]:
    keys = await api_keys.end(tx, org_id, "workspace", workspace_id)
    accounts = await service_accounts.bound_to(tx, org_id, workspace_id)
    return [*keys, *service_accounts.end_all(tx, org_id, accounts)]


async def _notify(ctx: OrganizationContext, role: Role, replacement: Role) -> None:
    actor = ctx.principal.actor
    found = await memberships.holders_of_role(ctx.tx, role)
    holders = [each for each in found if each.id != actor.id]
    if not holders:
        return
    notification = emails.role_replaced(
        ctx.outbox.links,
        await mail.branding_of(ctx.tx, ctx.principal.org_id),
        holders,
        role=role,
        replacement=replacement,
        actor=actor.name,
    )
    ctx.outbox.notify(ctx.tx, notification)


async def _replaced(tx: Tx, role: Role, replacement: Role) -> list[Change]:
    return [
        *await memberships.replace_role(tx, role, replacement),
        *await workspaces.replace_role(tx, role, replacement),
        *await invitations.replace_role(tx, role, replacement),
        *await api_keys.replace_role(tx, role, replacement),
        *await service_accounts.replace_role(tx, role, replacement),
    ]
