"""Finding, linking and ending the identities of people at trusted issuers."""

from uuid import UUID

from tenantry.credentials.tokens.access_tokens import InvalidToken
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.identity.federation import rules, store
from tenantry.identity.federation.model import CLOCK_SKEW, Identity
from tenantry.identity.federation.rules import Recognition
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.sessions.model import Client
from tenantry.platform.audit import actions as events
from tenantry.postgres.transaction import Tx


async def find_person(tx: Tx, subject: ExternalIdentity) -> UUID | None:
    """The person with this identity, if any. InvalidToken if the token's person was deleted."""
    identity = await store.find(tx, subject)
    return rules.person(identity, subject.issued_at)


async def hold(tx: Tx, subject: ExternalIdentity) -> UUID | None:
    """The same before `link`: of several calls at once one gets None, and links the identity; the
    others wait, and get the person."""
    identity = await store.hold(tx, subject)
    return rules.person(identity, subject.issued_at)


def link(tx: Tx, subject: ExternalIdentity, user_id: UUID, client: Client) -> UUID:
    """Link the identity to a person; returns the session of calls with its tokens.

    The caller has locked both.
    """
    session_id = sessions.open_without_token(tx, user_id, client)
    store.link(tx, subject, user_id, session_id, None)
    events.record_of_account(tx, user_id, "identity.linked")
    return session_id


async def find_session(tx: Tx, subject: ExternalIdentity) -> UUID | None:
    """The session of calls with this identity; None if it must be renewed. InvalidToken."""
    identity = await store.find(tx, subject)
    if identity is None or _outcome(identity, subject, tx) is not Recognition.GO_ON:
        return None
    return identity.session_id


async def renew_session(tx: Tx, subject: ExternalIdentity, user_id: UUID, client: Client) -> UUID:
    """The same session, extended; or a new one, if it had ended before the token was issued.

    The caller has locked the person. InvalidToken if the session has ended since the token was
    issued, or the identity is no longer theirs.
    """
    identity = await store.lock(tx, subject)
    if identity is None or identity.user_id != user_id or identity.session_id is None:
        raise InvalidToken
    session_id, outcome = identity.session_id, _outcome(identity, subject, tx)
    if outcome is Recognition.RENEW and not await sessions.extend(tx, session_id):
        raise InvalidToken
    if outcome is Recognition.REOPEN:
        session_id = sessions.open_without_token(tx, user_id, client)
        # Tokens issued before the old session ended stay refused.
        store.link(tx, subject, user_id, session_id, rules.session_end(identity, tx.now))
        events.record_of_account(tx, user_id, "session.created")
    return session_id


async def end_all(tx: Tx, user_id: UUID) -> None:
    """End a person's identities with tombstones: tokens issued until now are never valid again.

    For deleting an account, before its sessions are deleted, and for securing an address. The
    caller has locked the person.
    """
    if await store.leave_tombstones(tx, user_id, tx.now + CLOCK_SKEW):
        events.record_of_account(tx, user_id, "identities.ended")


def _outcome(identity: Identity, subject: ExternalIdentity, tx: Tx) -> Recognition:
    outcome = rules.decide(identity, subject.issued_at, tx.now)
    if outcome is Recognition.REFUSE:
        raise InvalidToken
    return outcome
