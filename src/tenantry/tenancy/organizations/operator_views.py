"""What operators do with organizations: look from outside, disable, delete and restore."""

from dataclasses import replace
from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.authz.authorization import Reading
from tenantry.authz.locks import lock_kept_organization
from tenantry.kit.ids import Kind
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change, Target
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships.model import PersonalOrganization
from tenantry.tenancy.organizations import operator_store as store
from tenantry.tenancy.organizations.model import PERSONAL, RESTORABLE, Operated


async def get_operated(reading: Reading, org_id: UUID) -> Operated:
    """An organization as operators see it. NotFound."""
    claims = reading.claims
    return await _get(reading, claims.session_id, claims.user_id, org_id)


async def list_operated(
    reading: Reading, page: PageRequest, *, slug: str | None, status: str | None
) -> Page[Operated]:
    """Every organization; of one slug, or live, deleted or disabled ones, if wanted."""
    claims = reading.claims
    found = await store.list_operated(
        reading, claims.session_id, claims.user_id, page, slug=slug, status=status
    )
    return Page.of(page, found)


async def disable(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> Operated:
    """Make an organization unknown to everybody but operators. NotFound.

    One that is disabled already stays as it is.
    """
    organization = await lock(tx, org_id)
    if organization.disabled_at is not None:
        return organization
    changed = replace(organization, disabled_at=tx.now, status_reason=reason)
    return _keep(tx, operator, organization, changed, "organization.disabled")


async def enable(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> Operated:
    """Give an organization back to its people. NotFound. One that is enabled stays as it is."""
    organization = await lock(tx, org_id)
    if organization.disabled_at is None:
        return organization
    changed = replace(organization, disabled_at=None, status_reason=reason)
    return _keep(tx, operator, organization, changed, "organization.enabled")


async def delete(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> Operated:
    """Delete an organization, as its own Admins could; it can be restored as long.

    NotFound, PersonalOrganization. One that is deleted already stays as it is.
    """
    organization = await lock(tx, org_id)
    if organization.kind == PERSONAL:
        raise PersonalOrganization
    if organization.deleted_at is not None:
        return organization
    changed = replace(organization, deleted_at=tx.now, status_reason=reason)
    return _keep(tx, operator, organization, changed, "organization.deleted")


async def restore(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> Operated:
    """Give a deleted organization back as it was. NotFound where it has gone for good.

    One that is not deleted stays as it is.
    """
    organization = await lock(tx, org_id)
    if organization.deleted_at is None:
        return organization
    if organization.deleted_at <= tx.now - RESTORABLE:
        raise NotFound
    changed = replace(organization, deleted_at=None, status_reason=reason)
    return _keep(tx, operator, organization, changed, "organization.restored")


def note_admin(
    tx: Tx,
    operator: Operator,
    organization: Operated,
    member: Target,
    change: Change,
    *,
    reason: str,
) -> Operated:
    """Record that an organization, locked before, was given an Admin, and why."""
    changed = replace(organization, status_reason=reason)
    store.set_standing(tx, changed)
    was, now = (
        {"status_reason": organization.status_reason},
        {"status_reason": changed.status_reason},
    )
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
    """Which organization has this slug, deleted ones included. NotFound."""
    found = await store.id_of_slug(reader, slug)
    if found is None:
        raise NotFound
    return found


async def lock(tx: Tx, org_id: UUID) -> Operated:
    """An organization, whatever its standing, locked for an operator's act. NotFound.

    The transaction acts as its tenant from then on.
    """
    tx.act_as(org_id)
    await lock_kept_organization(tx, org_id)
    return await see(tx, org_id)


async def see(tx: Tx, org_id: UUID) -> Operated:
    """An organization as it is, not locked yet: for an act that holds a person first. NotFound.

    The transaction acts as its tenant from then on.
    """
    tx.act_as(org_id)
    found = await store.find_kept(tx, org_id)
    if found is None:
        raise NotFound
    return found


async def _get(reader: Reader, session_id: UUID, user_id: UUID, org_id: UUID) -> Operated:
    found = await store.find_operated(reader, session_id, user_id, org_id)
    if found is None:
        raise NotFound
    return found


def _keep(
    tx: Tx, operator: Operator, organization: Operated, changed: Operated, action: str
) -> Operated:
    store.set_standing(tx, changed)
    ends = changed.deleted_at != organization.deleted_at
    was, now = (
        (organization.ending(), changed.ending())
        if ends
        else (organization.standing(), changed.standing())
    )
    change = Change.restated(Kind.ORGANIZATION, changed.id, was, now)
    events.record(tx, changed.id, operator, action, targets=[changed.target()], changes=[change])
    return changed
