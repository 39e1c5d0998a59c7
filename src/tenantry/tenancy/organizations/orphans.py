"""Organizations that would be left without an Admin who can sign in."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.locks import lock_kept_organization
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.model import Brief


async def without(tx: Tx, user_id: UUID, org_ids: Sequence[UUID]) -> list[Brief]:
    """Those of the organizations, each locked in turn, whose only Admin is this person.

    A deleted organization needs no Admin. The caller has locked the person, and passes the
    organizations in the order of locking.
    """
    orphans = [await _orphan(tx, org_id, user_id) for org_id in org_ids]
    return [each for each in orphans if each is not None]


async def _orphan(tx: Tx, org_id: UUID, user_id: UUID) -> Brief | None:
    set_tenant(tx, org_id)
    is_live = await lock_kept_organization(tx, org_id)
    if is_live and await memberships.is_last_admin(tx, org_id, user_id):
        return await organizations.get_brief(tx, org_id)
    return None
