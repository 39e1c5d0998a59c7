"""The end of an organization: deleted, restored within 30 days, and purged after them.

It is purged in pieces, each a transaction: one that is large holds up no other, and no limit.
"""

from uuid import UUID

from tenantry.authz.authority import Actor, Authority, Operator, System
from tenantry.authz.authorization import AuthorizedReader
from tenantry.authz.locks import lock_organization, lock_to_restore
from tenantry.identity.users import actions as users
from tenantry.kit.ids import Kind
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change, Target
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.memberships.model import PersonalOrganization
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import store
from tenantry.tenancy.organizations.model import PERSONAL, RESTORABLE, Organization


async def delete(tx: Tx, authority: Authority) -> None:
    """Delete an organization: unknown to everybody from the commit on, save to be restored.

    PersonalOrganization.
    """
    await lock_organization(tx, authority)
    organization = await _get(tx, authority)
    if organization.kind == PERSONAL:
        raise PersonalOrganization
    store.delete(tx, organization.id, since=tx.now)
    _tell(tx, authority, "organization.deleted", organization, None, tx.now)


async def restore(tx: Tx, authority: Authority) -> Organization:
    """Take a deletion back; an organization that is not deleted stays as it is.

    NotFound where it has gone for good meanwhile.
    """
    if not await lock_to_restore(tx, authority):
        deleted_at = await store.undelete(tx, authority.org_id)
        if deleted_at is None:
            raise NotFound
        restored = await _get(tx, authority)
        _tell(tx, authority, "organization.restored", restored, deleted_at, None)
        return restored
    return await _get(tx, authority)


async def list_deleted(
    reader: AuthorizedReader, page: PageRequest, *, slug: str | None
) -> Page[Organization]:
    """The deleted organizations that the caller could restore."""
    claims = reader.claims
    found = await store.list_deleted_of_user(reader, claims.session_id, claims.user_id, page, slug)
    return Page.of(page, found)


async def delete_for_good(tx: Tx, org_id: UUID, *, by: Actor | Operator | System) -> None:
    """Delete an organization as if its time to be restored were over: it is purged next.

    The caller acts as its tenant, and holds its lock.
    """
    organization, since = await organizations.get_brief(tx, org_id), tx.now - RESTORABLE
    store.delete(tx, org_id, since=since)
    was, now = {"deleted_at": None}, {"deleted_at": since}
    events.record(
        tx,
        org_id,
        by,
        "organization.deleted",
        targets=[Target(Kind.ORGANIZATION, org_id, organization.name)],
        changes=[Change.updated(Kind.ORGANIZATION, org_id, was, now)],
    )


async def find_purgeable(tx: Tx, after: UUID, most: int) -> tuple[list[UUID], UUID | None]:
    """Organizations whose time to be restored is over, and after which one to go on."""
    found = await store.purgeable(tx, after, most)
    return found, found[-1] if len(found) == most else None


async def purge(tx: Tx, org_id: UUID, most: int) -> bool:
    """Remove about `most` rows of such an organization, and itself at last; whether any are left.

    Of several who purge the same one, one does it, and the others find nothing to do.
    """
    set_tenant(tx, org_id)
    maker = await store.maker(tx, org_id)
    if maker is not None:  # users before organizations, as everywhere
        await users.hold_maker(tx, maker)
    if not await store.lock_to_purge(tx, org_id):
        return False
    if await store.purge_rows(tx, org_id, most):
        return True
    await store.purge(tx, org_id)
    if maker is not None:
        await users.release_organization(tx, maker)
    return False


async def _get(tx: Tx, authority: Authority) -> Organization:
    row = await store.find(tx, authority.org_id)
    if row is None:
        raise NotFound
    return row.seen_as(authority.role)


def _tell(
    tx: Tx,
    authority: Authority,
    action: str,
    organization: Organization,
    was_deleted_at: object,
    deleted_at: object,
) -> None:
    was, now = {"deleted_at": was_deleted_at}, {"deleted_at": deleted_at}
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        action,
        targets=[organization.target()],
        changes=[Change.updated(Kind.ORGANIZATION, organization.id, was, now)],
    )
