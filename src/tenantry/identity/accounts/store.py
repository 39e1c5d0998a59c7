"""The SQL of the tokens that letters to people carry."""

from datetime import datetime, timedelta
from uuid import UUID

from tenantry.identity.accounts.model import LIFETIMES, AccountToken, Purpose
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_INSERT = Statement("""
    insert into account_tokens (digest, user_id, purpose, email, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6)
""")
_FIND = Statement("""
    select user_id, purpose, email, expires_at, used_at from account_tokens where digest = $1
""")
_LOCK = Statement("""
    select user_id, purpose, email, expires_at, used_at from account_tokens where digest = $1
       for no key update
""")
_SPEND = Statement("""
    update account_tokens set used_at = $3
     where user_id = $1 and purpose = $2 and used_at is null
""")
_FORGET = Statement("delete from account_tokens where user_id = $1")
_SWEEP = Statement("""
    delete from account_tokens where digest in (
      select digest from account_tokens where expires_at < $1 order by expires_at limit $2
         for update skip locked)
""")


def insert_token(
    tx: Tx,
    digest: bytes,
    user_id: UUID,
    purpose: Purpose,
    email: str,
    *,
    lifetime: timedelta | None = None,
) -> None:
    """Write a token; it lasts as its purpose does, where no other lifetime is given."""
    expires_at = tx.now + (lifetime or LIFETIMES[purpose])
    tx.enqueue(_INSERT(digest, user_id, purpose.value, email, tx.now, expires_at))


async def find_token(reader: Reader, digest: bytes) -> AccountToken | None:
    """What is known of a token."""
    row = await reader.row(_FIND(digest))
    return AccountToken(*row) if row else None


async def lock_token(tx: Tx, digest: bytes) -> AccountToken | None:
    """What is known of a token, which nobody else can spend until the end of the transaction."""
    row = await tx.row(_LOCK(digest))
    return AccountToken(*row) if row else None


def spend_tokens(tx: Tx, user_id: UUID, purpose: Purpose) -> None:
    """Make all of a person's tokens for one purpose worthless."""
    tx.enqueue(_SPEND(user_id, purpose.value, tx.now))


def forget_tokens(tx: Tx, user_id: UUID) -> None:
    """Leave nothing of a person's tokens."""
    tx.enqueue(_FORGET(user_id))


async def sweep(tx: Tx, before: datetime, limit: int) -> int:
    """Delete tokens that were worthless before a time; how many."""
    return await tx.count(_SWEEP(before, limit))
