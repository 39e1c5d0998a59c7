"""Knowing people by their issuer's name for them, and forgetting them so that it lasts."""

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
    """Whose identity it is; None where nobody's. InvalidToken where the token's person has gone."""
    known = await store.find(tx, subject)
    return rules.person(known, subject.issued_at)


async def hold(tx: Tx, subject: ExternalIdentity) -> UUID | None:
    """The same for who will `link` a subject of nobody's: of several at once, one finds None.

    The others wait here, and find whose it was made.
    """
    known = await store.hold(tx, subject)
    return rules.person(known, subject.issued_at)


def link(tx: Tx, subject: ExternalIdentity, user_id: UUID, client: Client) -> UUID:
    """Make the subject a person's identity; the session that its tokens' calls are made in.

    The caller holds both.
    """
    session_id = sessions.open_standing(tx, user_id, client)
    store.link(tx, subject, user_id, session_id, None)
    events.record_of_account(tx, user_id, "identity.linked")
    return session_id


async def find_session(tx: Tx, subject: ExternalIdentity) -> UUID | None:
    """The session of a known subject's calls; None where it must be renewed. InvalidToken."""
    identity = await store.find(tx, subject)
    if identity is None or _judge(identity, subject, tx) is not Recognition.GO_ON:
        return None
    return identity.session_id


async def renew_session(tx: Tx, subject: ExternalIdentity, user_id: UUID, client: Client) -> UUID:
    """The same session, let last on; or a new one, where it was ended before the token was issued.

    The caller holds the person. InvalidToken where it was ended since, by signing out or from
    elsewhere; or where the identity is not theirs any more.
    """
    identity = await store.lock(tx, subject)
    if identity is None or identity.user_id != user_id or identity.session_id is None:
        raise InvalidToken
    session_id, judged = identity.session_id, _judge(identity, subject, tx)
    if judged is Recognition.RENEW and not await sessions.renew_standing(tx, session_id):
        raise InvalidToken
    if judged is Recognition.REOPEN:
        session_id = sessions.open_standing(tx, user_id, client)
        # The end of the old session outlives it here: tokens from before it stay refused.
        store.link(tx, subject, user_id, session_id, rules.session_end(identity, tx.now))
        events.record_of_account(tx, user_id, "session.created")
    return session_id


async def end_all(tx: Tx, user_id: UUID) -> None:
    """End a person's identities, and leave tombstones: tokens issued up to now never count again.

    For who deletes an account, before its sessions are deleted; and for who reclaims an address.
    The caller holds the person.
    """
    if await store.bury(tx, user_id, tx.now + CLOCK_SKEW):
        events.record_of_account(tx, user_id, "identities.ended")


def _judge(identity: Identity, subject: ExternalIdentity, tx: Tx) -> Recognition:
    judged = rules.verdict(identity, subject.issued_at, tx.now)
    if judged is Recognition.REFUSE:
        raise InvalidToken
    return judged
