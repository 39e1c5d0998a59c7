"""Deleting events that are past their retention."""

from datetime import timedelta
from uuid import UUID

from tenantry.kit.ids import first_id
from tenantry.kit.retention import due
from tenantry.platform.audit import store
from tenantry.postgres.transaction import Tx


async def find(tx: Tx, after: UUID, most: int, *, days: int) -> tuple[list[UUID], UUID | None]:
    """Those of the next so many organizations with older events, and the id to continue after."""
    return due(await store.list_with_older(tx, after, most, _first(tx, days)), most)


async def proceed(tx: Tx, org_id: UUID, most: int, *, days: int) -> bool:
    """Delete at most so many older events of an organization; returns if there may be more."""
    tx.set_tenant(org_id)
    return await store.delete_older(tx, org_id, _first(tx, days), most) == most


async def sweep_accounts(tx: Tx, most: int, *, days: int) -> int:
    """Delete at most so many older events of people's accounts; returns how many."""
    return await store.delete_older_of_accounts(tx, _first(tx, days), most)


def _first(tx: Tx, days: int) -> UUID:
    return first_id(tx.now - timedelta(days=days))
