"""Invitations to or from an account that is deleted."""

from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import Recipient
from tenantry.kit.ids import Kind
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import ERASED_EMAIL, Change, Target
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import store
from tenantry.tenancy.invitations.model import DECLINED


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


def erase_messages(tx: Tx, org_id: UUID, inviter_id: UUID) -> None:
    """Delete the personal messages of invitations that a person sent."""
    store.erase_messages(tx, org_id, inviter_id)
