"""Organizations in the hands of operators: seen from outside, disabled, and enabled again."""

from dataclasses import replace
from uuid import UUID

from tenantry.access.authority import Operator
from tenantry.access.entrance import Reading
from tenantry.access.locks import lock_kept_organization
from tenantry.database.reader import Reader
from tenantry.database.transaction import Tx
from tenantry.events import actions as events
from tenantry.events.model import Change
from tenantry.kit.ids import Kind
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.organizations import operating_store as store
from tenantry.organizations.model import Operated


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
    organization = await _lock(tx, operator, org_id)
    if organization.disabled_at is not None:
        return organization
    changed = replace(organization, disabled_at=tx.now, status_reason=reason)
    return _keep(tx, operator, organization, changed, "organization.disabled")


async def enable(tx: Tx, operator: Operator, org_id: UUID, *, reason: str) -> Operated:
    """Give an organization back to its people. NotFound. One that is enabled stays as it is."""
    organization = await _lock(tx, operator, org_id)
    if organization.disabled_at is None:
        return organization
    changed = replace(organization, disabled_at=None, status_reason=reason)
    return _keep(tx, operator, organization, changed, "organization.enabled")


async def _lock(tx: Tx, operator: Operator, org_id: UUID) -> Operated:
    tx.act_as(org_id)
    await lock_kept_organization(tx, org_id)
    return await _get(tx, operator.actor.session_id, operator.actor.id, org_id)


async def _get(reader: Reader, session_id: UUID, user_id: UUID, org_id: UUID) -> Operated:
    found = await store.find_operated(reader, session_id, user_id, org_id)
    if found is None:
        raise NotFound
    return found


def _keep(
    tx: Tx, operator: Operator, organization: Operated, changed: Operated, action: str
) -> Operated:
    store.set_standing(tx, changed)
    change = Change.restated(
        Kind.ORGANIZATION, changed.id, organization.standing(), changed.standing()
    )
    events.record(tx, changed.id, operator, action, targets=[changed.target()], changes=[change])
    return changed
