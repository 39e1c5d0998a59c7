"""Adding and removing operators, so that at least one is always left."""

from uuid import UUID

from tenantry.authz.authority import Actor, Operator, OperatorRequired
from tenantry.identity.operators import rules, store
from tenantry.identity.operators.rules import ensure_may_delete as ensure_may_delete
from tenantry.identity.operators.rules import ensure_may_disable as ensure_may_disable
from tenantry.identity.operators.store import list_operators as list_operators
from tenantry.identity.users import actions as users
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx

# The command line has no session here.
_NO_SESSION = UUID(int=0)


async def add(tx: Tx, email: str) -> bool:
    """Make a person an operator; False if they are one. NotFound, AccountUnverified."""
    found = await users.find_by_email(tx, email)
    user = rules.ensure_may_be_operator(await users.lock(tx, found.id) if found else None)
    added = await store.add(tx, user.id)
    if added:
        events.record_of_account(tx, user.id, "operator.added")
    return added


async def remove(tx: Tx, email: str) -> None:
    """Remove an operator. NotFound if the person is none."""
    user = await users.find_by_email(tx, email)
    if user is None or not await store.remove(tx, user.id):
        raise NotFound
    events.record_of_account(tx, user.id, "operator.removed")


async def ensure_still_operator(tx: Tx, operator: Operator) -> None:
    """Lock all operators; OperatorRequired if this one was removed or disabled meanwhile.

    Two operators who disable each other at once would otherwise leave none.
    """
    await store.lock_all(tx)
    if operator.actor.id not in await store.able(tx):
        raise OperatorRequired


async def remove_with_account(tx: Tx, user_id: UUID) -> None:
    """Remove an operator whose account is deleted; nothing if they are none. LastOperator."""
    await store.lock_all(tx)
    able = await store.able(tx)
    if user_id in able:
        rules.ensure_not_last(len(able) - 1)
        await store.remove(tx, user_id)


async def acting(reader: Reader, email: str) -> Operator:
    """The operator at the command line, by address. OperatorRequired."""
    user = await users.find_by_email(reader, email)
    if user is None or user.id not in await store.able(reader):
        raise OperatorRequired
    return Operator(Actor(user.id, _NO_SESSION, user.name, user.email, user.email_verified))
