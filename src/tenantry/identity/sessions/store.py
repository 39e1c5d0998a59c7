"""The SQL of sessions and refresh tokens."""

from datetime import datetime
from uuid import UUID

from tenantry.authz.claims import Claims
from tenantry.identity.sessions.model import Refresh, Session
from tenantry.kit.page import PageRequest
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx

_INSERT = Statement("""
    insert into sessions (id, user_id, user_agent, network, created_at, refreshed_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)
""")
_INSERT_TOKEN = Statement("""
    insert into refresh_tokens (digest, session_id, created_at) values ($1, $2, $3)
""")
# Locking the session serializes two refreshes with one token, and a sign-out with a refresh.
_LOCK_BY_TOKEN = Statement(
    """
    select s.id as session_id, s.user_id, s.ended_at is null and s.expires_at > now() as live,
           t.used_at
      from refresh_tokens t join sessions s on s.id = t.session_id
     where t.digest = $1 for no key update of s, t
""",
    Refresh,
)
# A token in a cookie stays unused; one that was rotated identifies no session.
_FIND_LIVE = Statement(
    """
    select s.user_id, s.id as session_id
      from refresh_tokens t join sessions s on s.id = t.session_id
     where t.digest = $1 and t.used_at is null and s.ended_at is null and s.expires_at > now()
""",
    Claims,
)
_USE_TOKEN = Statement("""
    update refresh_tokens set used_at = $2 where digest = $1 and used_at is null
""")
_RENEW = Statement("update sessions set refreshed_at = $2, expires_at = $3 where id = $1")
_EXTEND = Statement("""
    update sessions set refreshed_at = $2, expires_at = $3 where id = $1 and ended_at is null
""")
_END = Statement("""
    update sessions set ended_at = $3 where id = $1 and user_id = $2 and ended_at is null
""")
_END_ALL = Statement("""
    update sessions set ended_at = $3
     where user_id = $1 and ended_at is null and ($2::uuid is null or id <> $2)
""")
_ERASE_TOKENS = Statement("""
    delete from refresh_tokens where digest in (
      select t.digest from sessions s join refresh_tokens t on t.session_id = s.id
       where s.user_id = $1 limit $2)
""")
_ERASE = Statement("""
    delete from sessions where id in (select id from sessions where user_id = $1 limit $2)
""")
_COLUMNS = "id, user_id, user_agent, network, created_at, refreshed_at, expires_at"
_LIST = Keyset(
    f"""
    select {_COLUMNS} from sessions
     where user_id = $1 and ended_at is null and expires_at > now()
    """,
    "id",
    Session,
)

# Rows that another sweep has locked are skipped: it deletes them.
_SWEEP_EXPIRED = Statement("""
    delete from sessions where id in (
      select id from sessions where expires_at < $1 order by expires_at limit $2
         for update skip locked)
""")
_SWEEP_ENDED = Statement("""
    delete from sessions where id in (
      select id from sessions where ended_at < $1 order by ended_at limit $2
         for update skip locked)
""")
_SWEEP_TOKENS = Statement("""
    delete from refresh_tokens where digest in (
      select digest from refresh_tokens where used_at < $1 order by used_at limit $2
         for update skip locked)
""")


def insert(tx: Tx, session: Session) -> None:
    tx.enqueue(
        _INSERT(
            session.id,
            session.user_id,
            session.user_agent,
            session.network,
            session.created_at,
            session.refreshed_at,
            session.expires_at,
        )
    )


def insert_token(tx: Tx, digest: bytes, session_id: UUID) -> None:
    tx.enqueue(_INSERT_TOKEN(digest, session_id, tx.now))


async def lock_by_token(tx: Tx, digest: bytes) -> Refresh | None:
    return await tx.row(_LOCK_BY_TOKEN(digest))


async def find_live(reader: Reader, digest: bytes) -> Claims | None:
    return await reader.row(_FIND_LIVE(digest))


def renew(tx: Tx, session_id: UUID, digest: bytes, expires_at: datetime) -> None:
    tx.enqueue(_USE_TOKEN(digest, tx.now))
    tx.enqueue(_RENEW(session_id, tx.now, expires_at))


async def extend(tx: Tx, session_id: UUID, expires_at: datetime) -> bool:
    return await tx.count(_EXTEND(session_id, tx.now, expires_at)) == 1


async def end(tx: Tx, session_id: UUID, user_id: UUID) -> bool:
    return await tx.count(_END(session_id, user_id, tx.now)) == 1


def end_all(tx: Tx, user_id: UUID, keep: UUID | None) -> None:
    tx.enqueue(_END_ALL(user_id, keep, tx.now))


async def erase(tx: Tx, user_id: UUID, most: int) -> int:
    """Delete at most `most` refresh tokens of a person, or else sessions; returns how many."""
    return await tx.count(_ERASE_TOKENS(user_id, most)) or await tx.count(_ERASE(user_id, most))


async def list_of_user(reader: Reader, user_id: UUID, page: PageRequest) -> list[Session]:
    return await reader.rows(_LIST(page, user_id))


async def sweep(tx: Tx, over: datetime, used: datetime, limit: int) -> list[int]:
    return [
        await tx.count(_SWEEP_EXPIRED(over, limit)),
        await tx.count(_SWEEP_ENDED(over, limit)),
        await tx.count(_SWEEP_TOKENS(used, limit)),
    ]
