"""Deleting invitations past their retention, and erasing people from the others."""

from datetime import datetime, timedelta
from uuid import UUID

from tenantry.authz.authority import Recipient, System
from tenantry.authz.locks import lock_kept_organization
from tenantry.kit.ids import Kind
from tenantry.kit.retention import due
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import ERASED_EMAIL, Change, Target
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.invitations import store
from tenantry.tenancy.invitations.model import DECLINED
from tenantry.tenancy.invitations.store import erase_messages as erase_messages


async def find(tx: Tx, after: UUID, most: int, *, days: int) -> tuple[list[UUID], UUID | None]:
    """Of the next organizations, those with such invitations; and the id to continue after."""
    return due(await store.having_settled(tx, after, most, _before(tx, days)), most)


async def proceed(tx: Tx, org_id: UUID, most: int, *, days: int) -> bool:
    """Delete at most `most` of an organization's; whether there may be more.

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


async def erase_address(tx: Tx, org_id: UUID, address: str, *, until: datetime) -> None:
    """Erase an address from invitations sent to it until a time; open ones are declined.

    The caller has set the tenant, and holds the organization's lock.
    """
    closed = await store.close_to(tx, org_id, address, until)
    store.erase_address(tx, org_id, address, until, ERASED_EMAIL)
    if closed:
        events.record(
            tx,
            org_id,
            Recipient(ERASED_EMAIL),
            "invitation.declined",
            targets=[Target(Kind.INVITATION, each, ERASED_EMAIL) for each, _ in closed],
            changes=[
                Change.updated(Kind.INVITATION, each, {"status": was}, {"status": DECLINED})
                for each, was in closed
            ],
        )
