"""The end of an organization: deleted, restored within 30 days, and purged after them."""

from uuid import UUID

from tenantry.access.authority import Authority
from tenantry.access.entrance import Reading
from tenantry.access.locks import lock_organization, lock_to_restore
from tenantry.database.transaction import Tx
from tenantry.events import actions as events
from tenantry.events.model import Change
from tenantry.kit.ids import Kind
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.memberships.model import PersonalOrganization
from tenantry.organizations import store
from tenantry.organizations.model import PERSONAL, Organization
from tenantry.users import actions as users


async def delete(tx: Tx, authority: Authority) -> None:
    """Delete an organization: unknown to everybody from the commit on, save to be restored.

    PersonalOrganization.
    """
    await lock_organization(tx, authority)
    organization = await _get(tx, authority)
    if organization.kind == PERSONAL:
        raise PersonalOrganization
    store.delete(tx, organization.id)
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
    reading: Reading, page: PageRequest, *, slug: str | None
) -> Page[Organization]:
    """The deleted organizations that the caller could restore."""
    claims = reading.claims
    found = await store.list_deleted_of_user(reading, claims.session_id, claims.user_id, page, slug)
    return Page.of(page, found)


async def sweep(tx: Tx, most: int) -> int:
    """Purge organizations whose time to be restored is over, with everything in them; how many.

    Several may sweep at once: one purges an organization, the others wait and find it gone.
    """
    makers = dict[UUID, UUID | None]()
    for org_id in sorted(await store.purgeable(tx, most)):
        tx.act_as(org_id)
        makers[org_id] = await store.maker(tx, org_id)
    # Users before organizations, and both by their ids: as everybody locks who locks several.
    for maker in sorted({each for each in makers.values() if each is not None}):
        await users.hold_maker(tx, maker)
    return sum([await _purge(tx, org_id, maker) for org_id, maker in makers.items()])


async def _purge(tx: Tx, org_id: UUID, maker: UUID | None) -> bool:
    """Remove an organization for good; False where it was restored, or purged, meanwhile."""
    tx.act_as(org_id)
    if not await store.purge(tx, org_id):
        return False
    if maker is not None:
        await users.release_organization(tx, maker)
    return True


async def _get(tx: Tx, authority: Authority) -> Organization:
    row = await store.find_row(tx, authority.org_id)
    if row is None:
        raise NotFound
    return Organization(*row, role=authority.role)


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
