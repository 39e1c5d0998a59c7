"""What becomes of open invitations where a role or a workspace that they offer ends."""

from uuid import UUID

from tenantry.authz.roles.model import Role
from tenantry.kit.ids import Kind
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import grants
from tenantry.tenancy.invitations.grants import Offers


async def count_with_role(tx: Tx, role: Role) -> int:
    """How many open invitations offer the role, in the organization or in a workspace."""
    return await grants.count_with_role(tx, role.org_id, role.id, tx.now)


async def replace_role(tx: Tx, role: Role, replacement: Role) -> list[Change]:
    """Let invitations that still offer a role offer another one; the changes, for the event."""
    was = await grants.of_role(tx, role.org_id, role.id)
    grants.replace_role(tx, role.org_id, role.id, replacement.id)
    now = await grants.among(tx, role.org_id, list(was))
    return _differences(was, now)


async def withdraw_role(tx: Tx, role: Role) -> list[Change]:
    """Revoke invitations past their time that offer a role: none is sent again; the changes."""
    return [
        Change.updated(Kind.INVITATION, invitation_id, {"status": was}, {"status": "revoked"})
        for invitation_id, was in await grants.withdraw(tx, role.org_id, role.id)
    ]


async def drop_workspace(tx: Tx, org_id: UUID, workspace_id: UUID) -> list[Change]:
    """Let no invitation, open or settled, name a workspace that ends; the changes."""
    was = await grants.in_workspace(tx, org_id, workspace_id)
    grants.drop_workspace(tx, org_id, workspace_id)
    now = await grants.among(tx, org_id, list(was))
    return _differences(was, now)


def _differences(was: Offers, now: Offers) -> list[Change]:
    return [
        Change.updated(Kind.INVITATION, invitation_id, offer, now[invitation_id])
        for invitation_id, offer in was.items()
    ]
