"""Deleting an account: by its owner, by an operator, or because it was never used.

All three run `_delete`. What must take effect at once happens there; past records are erased
afterwards, see `identity.erasures`. What is deleted and what is kept: docs/retention.md.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from tenantry.authz.authority import Actor, Operator, System
from tenantry.authz.locks import lock_actor, lock_user
from tenantry.credentials.api_keys import endings as api_keys
from tenantry.identity.accounts import email_tokens
from tenantry.identity.accounts.change_password import confirm_password
from tenantry.identity.accounts.context import AccountContext
from tenantry.identity.erasures import actions as erasures
from tenantry.identity.federation import actions as identities
from tenantry.identity.operators import actions as operators
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.platform.mail import actions as mail
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle
from tenantry.tenancy.organizations.model import LeavesNoAdmin, SoleAdmin

_ABANDONED = "The address was never confirmed, and the account was never used."


async def delete_account(
    ctx: AccountContext, actor: Actor, *, current_password: str | None = None
) -> None:
    """Delete one's own account and personal organization, and end all memberships and sessions.

    The address is free afterwards; tokens of trusted issuers issued until now are refused for good.
    A `current_password` is checked first, unless the account has none.

    SoleAdmin where an organization would be left without a lasting Admin, LastOperator where the
    service would be without an operator; RateLimited, WrongPassword, Overloaded, Unauthenticated.
    """
    if current_password is not None:
        await confirm_password(ctx, actor, current_password)

    async def act(tx: Tx, who: Actor) -> None:
        await lock_actor(tx, who)
        await _delete(tx, who.id, by=who)

    # Two deletions that both held the row already would wait for each other.
    await ctx.run_as(actor, act, holds=False)


async def delete_user(
    tx: Tx,
    user_id: UUID,
    *,
    by: Operator | System,
    reason: str | None = None,
    orphan_organizations: bool = False,
) -> None:
    """The same for someone else's account. NotFound, OwnAccount, LeavesNoAdmin, LastOperator.

    The reason is kept as long as account events are. With `orphan_organizations`, organizations may
    be left without an Admin.
    """
    if isinstance(by, Operator):
        operators.ensure_may_delete(by, user_id)
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
    org_ids = await memberships.org_ids_of(tx, user_id)
    orphaned = await lifecycle.orphaned_without(tx, user_id, org_ids)
    if orphaned and not may_orphan:
        raise (SoleAdmin if isinstance(by, Actor) else LeavesNoAdmin)(orphaned)
    await operators.remove_with_account(tx, user_id)
    for org_id in org_ids:
        set_tenant(tx, org_id)
        await _end_membership(tx, by, org_id, user_id)
        if org_id == personal_id:
            await lifecycle.delete_for_good(tx, org_id, by=by)
    await identities.end_all(tx, user_id)
    _close_account(tx, user, by, reason)
    erasures.request(tx, user)


def _close_account(tx: Tx, user: User, by: Actor | Operator | System, reason: str | None) -> None:
    sessions.end_others(tx, user.id, keep=None)
    email_tokens.delete_all(tx, user.id)
    mail.delete_for_account(tx, user.email)
    users.delete(tx, user, by=by if isinstance(by, Operator) else None, reason=reason)


async def _end_membership(
    tx: Tx, by: Actor | Operator | System, org_id: UUID, user_id: UUID
) -> None:
    keys = await api_keys.end(tx, org_id, "user", user_id)
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
