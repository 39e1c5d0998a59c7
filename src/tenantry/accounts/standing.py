"""Accounts that operators disable, which shuts the person out, and enable again."""

from uuid import UUID

from tenantry.access.authority import Operator
from tenantry.database.transaction import Tx
from tenantry.operators import actions as operators
from tenantry.sessions import actions as sessions
from tenantry.users import actions as users
from tenantry.users.model import User


async def disable_user(tx: Tx, operator: Operator, user_id: UUID, *, reason: str) -> User:
    """Shut a person out: every session ends, and no way leads to a new one.

    Who is disabled already stays as they are. NotFound, OwnAccount, OperatorRequired.
    """
    operators.may_disable(operator, user_id)
    user = await users.lock(tx, user_id)
    await operators.see_again(tx, operator)
    sessions.end_others(tx, user.id, keep=None)
    return users.disable(tx, operator, user, reason=reason)


async def enable_user(tx: Tx, operator: Operator, user_id: UUID, *, reason: str) -> User:
    """Let a person sign in again; who was signed in before has to do so anew. NotFound."""
    user = await users.lock(tx, user_id)
    return users.enable(tx, operator, user, reason=reason)
