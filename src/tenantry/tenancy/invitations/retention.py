"""Deleting settled invitations that are past their retention."""

from datetime import datetime, timedelta
from uuid import UUID

from tenantry.authz.authority import System
from tenantry.authz.locks import lock_kept_organization
from tenantry.kit.ids import Kind
from tenantry.kit.retention import due
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.invitations import store


async def find(tx: Tx, after: UUID, most: int, *, days: int) -> tuple[list[UUID], UUID | None]:
    """Those of the next so many organizations with such invitations; and where to continue."""
    return due(await store.having_settled(tx, after, most, _before(tx, days)), most)


async def proceed(tx: Tx, org_id: UUID, most: int, *, days: int) -> bool:
    """Delete at most so many of an organization's; returns whether there may be more.

    One event lists the ids of all of them, so that replaying events gives the present state.
    """
    set_tenant(tx, org_id)
    await lock_kept_organization(tx, org_id)
    gone = await store.delete_settled(tx, org_id, _before(tx, days), most)
    if gone:
        events.record(
            tx,
            org_id,
            System(),
            "invitation.deleted",
            targets=[],
            changes=[
                Change.removed(Kind.INVITATION, each, {"status": status}) for each, status in gone
            ],
        )
    return len(gone) == most


def _before(tx: Tx, days: int) -> datetime:
    return tx.now - timedelta(days=days)
