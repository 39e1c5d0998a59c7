"""Opening, renewing and ending sessions."""

from uuid import UUID

from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.claims import Claims
from tenantry.identity.sessions import rules, store
from tenantry.identity.sessions.model import KEPT, LIFETIME, USED_KEPT, Client, Opened, Session
from tenantry.identity.sessions.rules import RefreshOutcome
from tenantry.identity.sessions.store import erase as erase
from tenantry.kit.ids import new_id
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx


def open_session(tx: Tx, user_id: UUID, client: Client) -> Opened:
    """Sign a person in: a new session and its first refresh token."""
    return _with_token(tx, open_without_token(tx, user_id, client), user_id)


def open_without_token(tx: Tx, user_id: UUID, client: Client) -> UUID:
    """A session without refresh tokens, for calls with tokens of a trusted issuer."""
    session = Session(
        id=new_id(),
        user_id=user_id,
        user_agent=client.user_agent,
        network=client.network,
        created_at=tx.now,
        refreshed_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    store.insert(tx, session)
    return session.id


async def extend(tx: Tx, session_id: UUID) -> bool:
    """Extend such a session; False if it has ended."""
    return await store.extend(tx, session_id, tx.now + LIFETIME)


async def refresh(tx: Tx, token: Secret) -> Opened | None:
    """Renew a session by its refresh token, which works once; None if it cannot be renewed.

    A token that was used before ends the whole session. That is no refusal, since it must commit.
    """
    presented = await store.lock_by_token(tx, token.digest)
    outcome = rules.decide(presented, tx.now)
    if presented is None or outcome is RefreshOutcome.REFUSE:
        return None
    if outcome is RefreshOutcome.END:
        await store.end(tx, presented.session_id, presented.user_id)
        events.record_of_account(tx, presented.user_id, "session.token_reused")
        return None
    store.renew(tx, presented.session_id, token.digest, tx.now + LIFETIME)
    return _with_token(tx, presented.session_id, presented.user_id)


async def find_by_secret(reader: Reader, secret: Secret) -> Claims | None:
    """Whose live session has this refresh token, which stays unused; None if there is none."""
    return await store.find_live(reader, secret.digest)


async def end(tx: Tx, user_id: UUID, session_id: UUID) -> None:
    """End one session of a person. NotFound."""
    if not await store.end(tx, session_id, user_id):
        raise NotFound
    events.record_of_account(tx, user_id, "session.ended")


async def end_by_secret(tx: Tx, secret: Secret) -> None:
    """End the session of an unused refresh token, if it is live."""
    claims = await find_by_secret(tx, secret)
    if claims is not None:
        await revoke_session(tx, claims)


async def revoke(tx: Tx, token: Secret) -> bool:
    """End the session of a refresh token, used or not (RFC 7009, section 2.1); False if unknown."""
    presented = await store.lock_by_token(tx, token.digest)
    if presented is not None and presented.live:
        await store.end(tx, presented.session_id, presented.user_id)
        events.record_of_account(tx, presented.user_id, "session.ended")
    return presented is not None


async def revoke_session(tx: Tx, claims: Claims) -> None:
    """End the session of an access token, if it is live."""
    if await store.end(tx, claims.session_id, claims.user_id):
        events.record_of_account(tx, claims.user_id, "session.ended")


def end_others(tx: Tx, user_id: UUID, *, keep: UUID | None) -> None:
    """End all sessions of a person, except the one to keep."""
    store.end_all(tx, user_id, keep)


async def list_sessions(reader: AuthorizedReader, page: PageRequest) -> Page[Session]:
    return Page.of(page, await store.list_of_user(reader, reader.user_id, page))


async def sweep(tx: Tx, limit: int) -> int:
    """Delete at most `limit` old sessions and as many used tokens; the larger number of the two."""
    return max(await store.sweep(tx, tx.now - KEPT, tx.now - USED_KEPT, limit))


def _with_token(tx: Tx, session_id: UUID, user_id: UUID) -> Opened:
    token = Secret.new()
    store.insert_token(tx, token.digest, session_id)
    return Opened(user_id, session_id, token)
