"""Whether an issuer's token is still valid, and what becomes of the session of its calls."""

from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from tenantry.identity.federation.model import Identity, PersonGone
from tenantry.identity.sessions.model import KEPT

_RENEWED_BEFORE = timedelta(days=1)


class Recognition(Enum):
    """What becomes of a token of a known identity, and of its session."""

    GO_ON = auto()
    RENEW = auto()
    """The session expires soon."""
    REOPEN = auto()
    """The session ended before this token was issued."""
    REFUSE = auto()


def counts(identity: Identity, issued_at: datetime) -> bool:
    """Whether a token was issued after everything that ended the ones before it."""
    ends = (identity.refused_until, identity.session_ended_at)
    return all(end is None or issued_at > end for end in ends)


def person(identity: Identity | None, issued_at: datetime) -> UUID | None:
    """Whose identity it is. PersonGone if the person was deleted after the token was issued."""
    if identity is None:
        return None
    if identity.user_id is None and not counts(identity, issued_at):
        raise PersonGone
    return identity.user_id


def session_end(identity: Identity, now: datetime) -> datetime | None:
    """When the session ended at the latest; None if it is live."""
    if identity.session_expires_at is None:
        return now - KEPT  # it was deleted, which happens no earlier than `KEPT` after its end
    return identity.session_ended_at


def decide(identity: Identity, issued_at: datetime, now: datetime) -> Recognition:
    if not counts(identity, issued_at):
        return Recognition.REFUSE
    end = session_end(identity, now)
    if end is not None:
        return Recognition.REOPEN if issued_at > end else Recognition.REFUSE
    if identity.session_expires_at is None or identity.session_expires_at < now + _RENEWED_BEFORE:
        return Recognition.RENEW
    return Recognition.GO_ON
