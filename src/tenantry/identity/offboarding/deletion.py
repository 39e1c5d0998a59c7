"""Deleting an account: by its person, by an operator, or because it was never used.

All of them share one act. What must take effect at once is done here; past records are left to an
erasure. What is deleted and what is kept: docs/retention.md.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from tenantry.authz.authority import Actor, Operator, System
from tenantry.authz.locks import lock_actor, lock_user
from tenantry.credentials.api_keys import endings as api_keys
from tenantry.identity.accounts import actions as accounts
from tenantry.identity.erasures import actions as erasures
from tenantry.identity.federation import actions as identities
from tenantry.identity.operators import actions as operators
from tenantry.identity.users import actions as users
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle, orphans
from tenantry.tenancy.organizations.model import LeavesNoAdmin, SoleAdmin

_ABANDONED = "The address was never confirmed, and nobody used the account."


async def delete_account(tx: Tx, actor: Actor) -> None:
    """Delete one's own account, the personal organization with all that is in it, and what one had
    elsewhere; the sessions end, and the address is free. Issuers' tokens for it never count again.

    SoleAdmin where an organization would be left without a lasting Admin, LastOperator where the
    service would be without one; Unauthenticated.
    """
    await lock_actor(tx, actor)
    await _delete(tx, actor.id, by=actor)


async def delete_user(
    tx: Tx,
    user_id: UUID,
    *,
    by: Operator | System,
    reason: str | None = None,
    orphan_organizations: bool = False,
) -> None:
    """The same for somebody else's account. NotFound, OwnAccount, LeavesNoAdmin, LastOperator.

    The reason is kept as long as account events are. Where `orphan_organizations` is set,
    organizations may be left without an Admin.
    """
    if isinstance(by, Operator):
        operators.may_delete(by, user_id)
    await lock_user(tx, user_id)
    await _delete(tx, user_id, by=by, reason=reason, may_orphan=orphan_organizations)


async def find_abandoned(
    tx: Tx, after: UUID, most: int, *, days: int
) -> tuple[list[UUID], UUID | None]:
    """The unused accounts among the next so many, and the id to continue after."""
    return await users.find_abandoned(tx, after, most, tx.now - timedelta(days=days))


async def delete_abandoned(tx: Tx, user_id: UUID, _most: int, *, days: int) -> bool:
    """Delete such an account, unless it was used or deleted meanwhile; returns False: all done."""
    with suppress(NotFound):
        await lock_user(tx, user_id)
        if await users.is_abandoned(tx, user_id, tx.now - timedelta(days=days)):
            await _delete(tx, user_id, by=System(), reason=_ABANDONED)
    return False


async def _delete(
    tx: Tx,
    user_id: UUID,
    *,
    by: Actor | Operator | System,
    reason: str | None = None,
    may_orphan: bool = False,
) -> None:
    user = await users.get(tx, user_id)
    personal_id = await organizations.personal_of(tx, user_id)
    belonging = await memberships.belonging_of(tx, user_id)
    orphaned = await orphans.without(tx, user_id, belonging)
    if orphaned and not may_orphan:
        raise (SoleAdmin if isinstance(by, Actor) else LeavesNoAdmin)(orphaned)
    await operators.retire(tx, user_id)
    for org_id in belonging:
        tx.set_tenant(org_id)
        await _end_membership(tx, by, org_id, user_id)
        if org_id == personal_id:
            await lifecycle.delete_for_good(tx, org_id, by=by)
    await identities.end_all(tx, user_id)
    operator = by if isinstance(by, Operator) else None
    accounts.close_account(tx, user, by=operator, reason=reason)
    erasures.request(tx, user)


async def _end_membership(
    tx: Tx, by: Actor | Operator | System, org_id: UUID, user_id: UUID
) -> None:
    keys = await api_keys.end_of_user(tx, org_id, user_id)
    removed = await memberships.end_of_user(tx, org_id, user_id)
    if removed is not None:
        events.record(
            tx,
            org_id,
            by,
            "member.left" if isinstance(by, Actor) else "member.removed",
            targets=[removed.membership.target()],
            changes=[*keys, *removed.changes],
        )
