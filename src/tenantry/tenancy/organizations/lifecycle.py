"""The end of an organization: deleted, restored within 30 days, and purged after them.

It is purged in pieces, each a transaction: one that is large holds up no other, and no limit.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, Operator, System
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.locks import lock_kept_organization, lock_organization, lock_to_restore
from tenantry.identity.users import actions as users
from tenantry.kit.ids import Kind
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change, Target
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import PersonalOrganization
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import store
from tenantry.tenancy.organizations.model import PERSONAL, RESTORABLE, Brief, Organization


async def delete(tx: Tx, authority: Authority) -> None:
    """Delete an organization; for 30 days its Admins can restore it.

    PersonalOrganization.
    """
    await lock_organization(tx, authority)
    organization = await organizations.get_own(tx, authority)
    if organization.kind == PERSONAL:
        raise PersonalOrganization
    store.delete(tx, organization.id, since=tx.now)
    changes = [_deletion(organization.id, None, tx.now)]
    events.record_by(tx, authority, "organization.deleted", [organization.target()], changes)


async def restore(tx: Tx, authority: Authority) -> Organization:
    """Restore a deleted organization; one that is not deleted stays as it is.

    NotFound if it can no longer be restored.
    """
    if await lock_to_restore(tx, authority):
        return await organizations.get_own(tx, authority)
    deleted_at = await store.undelete(tx, authority.org_id)
    if deleted_at is None:
        raise NotFound
    restored = await organizations.get_own(tx, authority)
    changes = [_deletion(restored.id, deleted_at, None)]
    events.record_by(tx, authority, "organization.restored", [restored.target()], changes)
    return restored


async def list_deleted(
    reader: AuthorizedReader, page: PageRequest, *, slug: str | None
) -> Page[Organization]:
    claims = reader.claims
    found = await store.list_deleted_of_user(reader, claims.session_id, claims.user_id, page, slug)
    return Page.of(page, found)


async def delete_for_good(tx: Tx, org_id: UUID, *, by: Actor | Operator | System) -> None:
    """Delete an organization that can no longer be restored; it is purged next.

    The caller has set the tenant and locked the organization.
    """
    organization, since = await organizations.get_brief(tx, org_id), tx.now - RESTORABLE
    store.delete(tx, org_id, since=since)
    events.record(
        tx,
        org_id,
        by,
        "organization.deleted",
        targets=[Target(Kind.ORGANIZATION, org_id, organization.name)],
        changes=[_deletion(org_id, None, since)],
    )


async def orphaned_without(tx: Tx, user_id: UUID, org_ids: Sequence[UUID]) -> list[Brief]:
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


async def find_purgeable(tx: Tx, after: UUID, most: int) -> tuple[list[UUID], UUID | None]:
    """Organizations that can no longer be restored, and the id to continue after."""
    found = await store.purgeable(tx, after, most)
    return found, found[-1] if len(found) == most else None


async def purge(tx: Tx, org_id: UUID, most: int) -> bool:
    """Remove about `most` rows of such an organization, and finally itself; whether any are left.

    Of several workers that purge the same one, one does so.
    """
    set_tenant(tx, org_id)
    creator = await store.creator(tx, org_id)
    if creator is not None:  # users before organizations, as everywhere
        with suppress(NotFound):
            await users.lock(tx, creator)
    if not await store.lock_to_purge(tx, org_id):
        return False
    if await store.purge_rows(tx, org_id, most):
        return True
    await store.purge(tx, org_id)
    if creator is not None:
        await users.release_organization(tx, creator)
    return False


def _deletion(org_id: UUID, before: datetime | None, after: datetime | None) -> Change:
    was, now = {"deleted_at": before}, {"deleted_at": after}
    return Change.updated(Kind.ORGANIZATION, org_id, was, now)
