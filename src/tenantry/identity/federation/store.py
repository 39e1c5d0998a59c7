"""The SQL of identities."""

from datetime import datetime
from uuid import UUID

from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.identity.federation.model import Identity
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_IDENTITY = """
    select i.user_id, i.session_id, i.refused_until, s.ended_at as session_ended_at,
           s.expires_at as session_expires_at
      from identities i left join sessions s on s.id = i.session_id
     where i.issuer = $1 and i.subject = $2
"""
_FIND = Statement(_IDENTITY, Identity)
_LOCK = Statement(f"{_IDENTITY} for no key update of i", Identity)
_HOLD = Statement("""
    insert into identities (issuer, subject, created_at, updated_at) values ($1, $2, $3, $3)
    on conflict (issuer, subject) do nothing
""")
_LINK = Statement("""
    update identities
       set user_id = $3, session_id = $4, updated_at = $6,
           refused_until = greatest(refused_until, $5)
     where issuer = $1 and subject = $2
""")
_LEAVE_TOMBSTONES = Statement("""
    update identities
       set user_id = null, session_id = null, updated_at = $2,
           refused_until = greatest(refused_until, $3)
     where user_id = $1
""")


async def find(reader: Reader, subject: ExternalIdentity) -> Identity | None:
    return await reader.row(_FIND(subject.issuer, subject.subject))


async def lock(tx: Tx, subject: ExternalIdentity) -> Identity | None:
    return await tx.row(_LOCK(subject.issuer, subject.subject))


async def hold(tx: Tx, subject: ExternalIdentity) -> Identity | None:
    """Insert the row if there is none (returns None); else the row, locked if it has no person.

    Waits for a concurrent insert.
    """
    if await tx.count(_HOLD(subject.issuer, subject.subject, tx.now)) == 1:
        return None
    # One with a person is read by all who waited, and changed by none.
    found = await find(tx, subject)
    return found if found and found.user_id else await lock(tx, subject)


def link(
    tx: Tx,
    subject: ExternalIdentity,
    user_id: UUID,
    session_id: UUID,
    refused_until: datetime | None,
) -> None:
    names = subject.issuer, subject.subject
    tx.enqueue(_LINK(*names, user_id, session_id, refused_until, tx.now))


async def leave_tombstones(tx: Tx, user_id: UUID, refused_until: datetime) -> int:
    """Turn a person's identities into tombstones; returns how many."""
    return await tx.count(_LEAVE_TOMBSTONES(user_id, tx.now, refused_until))
