"""Operators disable and enable accounts, and sign people out everywhere."""

from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.identity.operators import actions as operators
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.organizations import orphans
from tenantry.tenancy.organizations.model import LeavesNoAdmin


async def disable_user(
    tx: Tx, operator: Operator, user_id: UUID, *, reason: str, orphan_organizations: bool = False
) -> User:
    """Disable an account: every session ends, and the person cannot sign in.

    Nothing if it is disabled. NotFound, OwnAccount, OperatorRequired; LeavesNoAdmin if
    organizations would be left without an Admin, unless `orphan_organizations`.
    """
    operators.ensure_may_disable(operator, user_id)
    user = await users.lock(tx, user_id)
    # Locked in any case: an Admin who leaves meanwhile would count this person as another Admin.
    belonging = await memberships.belonging_of(tx, user.id)
    orphaned = await orphans.without(tx, user.id, belonging)
    if orphaned and not orphan_organizations:
        raise LeavesNoAdmin(orphaned)
    await operators.ensure_still_operator(tx, operator)
    sessions.end_others(tx, user.id, keep=None)
    return users.disable(tx, operator, user, reason=reason)


async def enable_user(tx: Tx, operator: Operator, user_id: UUID, *, reason: str) -> User:
    """Let a person sign in again; their old sessions stay ended. NotFound."""
    user = await users.lock(tx, user_id)
    return users.enable(tx, operator, user, reason=reason)


async def end_sessions(tx: Tx, operator: Operator, user_id: UUID, *, reason: str) -> User:
    """Sign a person out everywhere; they may sign in again at once. NotFound.

    Earlier tokens of trusted issuers are refused as well. API keys keep working.
    """
    user = await users.lock(tx, user_id)
    sessions.end_others(tx, user.id, keep=None)
    return users.note_sign_out(tx, operator, user, reason=reason)
