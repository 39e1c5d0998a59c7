"""What operators do with organizations: look from outside, disable, delete and restore."""

from dataclasses import replace
from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.locks import lock_kept_organization
from tenantry.kit.ids import Kind
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change, Target
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.memberships.model import PersonalOrganization
from tenantry.tenancy.organizations import operator_store as store
from tenantry.tenancy.organizations.model import PERSONAL, RESTORABLE, OperatedOrganization


async def get_operated(reader: AuthorizedReader, org_id: UUID) -> OperatedOrganization:
    found = await store.find_operated(reader, reader.claims, org_id)
    if found is None:
        raise NotFound
    return found


async def list_operated(
    reader: AuthorizedReader, page: PageRequest, *, slug: str | None, status: str | None
) -> Page[OperatedOrganization]:
    found = await store.list_operated(reader, reader.claims, page, slug=slug, status=status)
    return Page.of(page, found)


async def disable(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> OperatedOrganization:
    """Make an organization unknown to all but operators. NotFound.

    One that is disabled already stays as it is.
    """
    organization = await lock(tx, org_id)
    if organization.disabled_at is not None:
        return organization
    changed = replace(organization, disabled_at=tx.now, status_reason=reason)
    return _record(tx, operator, organization, changed, "organization.disabled")


async def enable(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> OperatedOrganization:
    """Enable an organization. NotFound. One that is enabled stays as it is."""
    organization = await lock(tx, org_id)
    if organization.disabled_at is None:
        return organization
    changed = replace(organization, disabled_at=None, status_reason=reason)
    return _record(tx, operator, organization, changed, "organization.enabled")


async def delete(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> OperatedOrganization:
    """Delete an organization, as its own Admins could; it can be restored as long.

    NotFound, PersonalOrganization. One that is deleted already stays as it is.
    """
    organization = await lock(tx, org_id)
    if organization.kind == PERSONAL:
        raise PersonalOrganization
    if organization.deleted_at is not None:
        return organization
    changed = replace(organization, deleted_at=tx.now, status_reason=reason)
    return _record(tx, operator, organization, changed, "organization.deleted")


async def restore(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> OperatedOrganization:
    """Restore a deleted organization. NotFound if it can no longer be restored.

    One that is not deleted stays as it is.
    """
    organization = await lock(tx, org_id)
    if organization.deleted_at is None:
        return organization
    if organization.deleted_at <= tx.now - RESTORABLE:
        raise NotFound
    changed = replace(organization, deleted_at=None, status_reason=reason)
    return _record(tx, operator, organization, changed, "organization.restored")


def note_admin(
    tx: Tx,
    operator: Operator,
    organization: OperatedOrganization,
    member: Target,
    change: Change,
    *,
    reason: str,
) -> OperatedOrganization:
    """Record that an organization, locked before, was given an Admin, and why."""
    changed = replace(organization, status_reason=reason)
    store.set_status(tx, changed)
    was, now = {"status_reason": organization.status_reason}, {"status_reason": reason}
    events.record(
        tx,
        changed.id,
        operator,
        "organization.admin_named",
        targets=[changed.target(), member],
        changes=[change, Change.restated(Kind.ORGANIZATION, changed.id, was, now)],
    )
    return changed


async def get_id(reader: Reader, slug: str) -> UUID:
    found = await store.id_of_slug(reader, slug)
    if found is None:
        raise NotFound
    return found


async def lock(tx: Tx, org_id: UUID) -> OperatedOrganization:
    """An organization, whatever its status, locked for an operator's act. NotFound.

    The transaction acts as its tenant from then on.
    """
    set_tenant(tx, org_id)
    await lock_kept_organization(tx, org_id)
    return await see(tx, org_id)


async def see(tx: Tx, org_id: UUID) -> OperatedOrganization:
    """An organization as it is, not locked yet: for an act that holds a person first. NotFound.

    The transaction acts as its tenant from then on.
    """
    set_tenant(tx, org_id)
    found = await store.find_kept(tx, org_id)
    if found is None:
        raise NotFound
    return found


def _record(
    tx: Tx,
    operator: Operator,
    organization: OperatedOrganization,
    changed: OperatedOrganization,
    action: str,
) -> OperatedOrganization:
    store.set_status(tx, changed)
    ends = changed.deleted_at != organization.deleted_at
    was, now = (
        (organization.ending(), changed.ending())
        if ends
        else (organization.suspension(), changed.suspension())
    )
    change = Change.restated(Kind.ORGANIZATION, changed.id, was, now)
    events.record(tx, changed.id, operator, action, targets=[changed.target()], changes=[change])
    return changed
