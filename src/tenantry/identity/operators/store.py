"""The SQL of operators."""

from uuid import UUID

from tenantry.identity.operators.model import ListedOperator
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_ADD = Statement("""
    insert into operators (user_id, added_at) values ($1, $2) on conflict (user_id) do nothing
""")
_REMOVE = Statement("delete from operators where user_id = $1")
_LIST = Statement(
    """
    select o.user_id, u.email, o.added_at, u.disabled_at is not null as disabled
      from operators o join users u on u.id = o.user_id order by o.user_id
""",
    ListedOperator,
)
# All of them, in one order: of two who disable each other, one waits for the other.
_LOCK_ALL = Statement("select user_id from operators order by user_id for update", UUID)
_ABLE = Statement(
    """
    select o.user_id from operators o join users u on u.id = o.user_id and u.disabled_at is null
""",
    UUID,
)


async def add(tx: Tx, user_id: UUID) -> bool:
    return await tx.count(_ADD(user_id, tx.now)) == 1


async def remove(tx: Tx, user_id: UUID) -> bool:
    return await tx.count(_REMOVE(user_id)) == 1


async def list_operators(reader: Reader) -> list[ListedOperator]:
    """Every operator, the first added first."""
    return await reader.rows(_LIST())


async def lock_all(tx: Tx) -> None:
    await tx.rows(_LOCK_ALL())


async def able(reader: Reader) -> set[UUID]:
    """The operators whose account is not disabled."""
    return {*await reader.rows(_ABLE())}
