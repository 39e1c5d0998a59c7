"""The SQL of the tokens in emails to people."""

from datetime import datetime
from uuid import UUID

from tenantry.identity.accounts.model import AccountToken, Purpose
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_INSERT = Statement("""
    insert into account_tokens (digest, user_id, purpose, email, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6)
""")
_FIND = Statement(
    """
    select user_id, purpose, email, expires_at, used_at from account_tokens where digest = $1
""",
    AccountToken,
)
_LOCK = Statement(
    """
    select user_id, purpose, email, expires_at, used_at from account_tokens where digest = $1
       for no key update
""",
    AccountToken,
)
_SPEND = Statement("""
    update account_tokens set used_at = $3
     where user_id = $1 and purpose = $2 and used_at is null
""")
_DELETE = Statement("delete from account_tokens where user_id = $1")
_SWEEP = Statement("""
    delete from account_tokens where digest in (
      select digest from account_tokens where expires_at < $1 order by expires_at limit $2
         for update skip locked)
""")


def insert_token(
    tx: Tx, digest: bytes, user_id: UUID, purpose: Purpose, email: str, expires_at: datetime
) -> None:
    tx.enqueue(_INSERT(digest, user_id, purpose.value, email, tx.now, expires_at))


async def find_token(reader: Reader, digest: bytes) -> AccountToken | None:
    return await reader.row(_FIND(digest))


async def lock_token(tx: Tx, digest: bytes) -> AccountToken | None:
    return await tx.row(_LOCK(digest))


def spend(tx: Tx, user_id: UUID, purpose: Purpose) -> None:
    """Mark all of a person's tokens for one purpose as used."""
    tx.enqueue(_SPEND(user_id, purpose.value, tx.now))


def delete_all(tx: Tx, user_id: UUID) -> None:
    tx.enqueue(_DELETE(user_id))


async def sweep(tx: Tx, before: datetime, limit: int) -> int:
    return await tx.count(_SWEEP(before, limit))
