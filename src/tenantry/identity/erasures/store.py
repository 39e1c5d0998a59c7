"""The SQL of erasures, and of the organizations that each has to process."""

from uuid import UUID

from tenantry.identity.erasures.model import Erasure, Mention
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

# The clock's time, not the transaction's: anything that named the person either waited for this
# transaction's locks or came before them.
_INSERT = Statement("""
    insert into erasures (user_id, email, requested_at) values ($1, $2, clock_timestamp())
""")
_MENTION_INVITING = Statement("""
    insert into mentions (user_id, org_id, subject_id)
    select $1, org_id, $1 from directory.organizations_that_invited($2, clock_timestamp()) org_id
    on conflict do nothing
""")
_PENDING = Statement(
    "select user_id from erasures where user_id > $1 order by user_id limit $2", UUID
)
_LOCK = Statement(
    """
    select user_id, email, requested_at, events_after, answers_after from erasures
     where user_id = $1 for update skip locked
""",
    Erasure,
)
_MENTION = Statement(
    """
    select org_id, array_agg(subject_id) as subject_ids from mentions
     where user_id = $1 group by org_id order by org_id limit 1
""",
    Mention,
)
_ADVANCE = Statement("update erasures set events_after = $2, answers_after = $3 where user_id = $1")
_FORGET_MENTION = Statement("delete from mentions where user_id = $1 and org_id = $2")
_DELETE = Statement("delete from erasures where user_id = $1")


def insert(tx: Tx, user_id: UUID, email: str | None) -> None:
    """Record that a person is to be erased, and where they were invited."""
    if email is not None:
        tx.enqueue(_MENTION_INVITING(user_id, email))
    tx.enqueue(_INSERT(user_id, email))


async def pending(reader: Reader, after: UUID, limit: int) -> list[UUID]:
    return await reader.rows(_PENDING(after, limit))


async def lock(tx: Tx, user_id: UUID) -> Erasure | None:
    """The erasure of a person, locked; None if it is done, or someone else has locked it."""
    return await tx.row(_LOCK(user_id))


async def next_mention(tx: Tx, user_id: UUID) -> Mention | None:
    return await tx.row(_MENTION(user_id))


def advance(tx: Tx, erasure: Erasure) -> None:
    tx.enqueue(_ADVANCE(erasure.user_id, erasure.events_after, erasure.answers_after))


def forget_mention(tx: Tx, user_id: UUID, org_id: UUID) -> None:
    tx.enqueue(_FORGET_MENTION(user_id, org_id))


def delete(tx: Tx, user_id: UUID) -> None:
    tx.enqueue(_DELETE(user_id))
