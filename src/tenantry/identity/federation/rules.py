"""Does a token still count, and what becomes of the session that its calls are made in?"""

from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from tenantry.identity.federation.model import Identity, PersonHasGone
from tenantry.identity.sessions.model import KEPT

_RENEWED_BEFORE = timedelta(days=1)


class Recognition(Enum):
    """What becomes of a token of a known identity."""

    GO_ON = auto()
    RENEW = auto()
    """The session is about to end for no other reason than its age."""
    REOPEN = auto()
    """The session was ended, and this token was issued since."""
    REFUSE = auto()


def counts(identity: Identity, issued_at: datetime) -> bool:
    """Whether a token was issued after everything that ended the ones before it."""
    ends = (identity.refused_until, identity.session_ended_at)
    return all(end is None or issued_at > end for end in ends)


def person(identity: Identity | None, issued_at: datetime) -> UUID | None:
    """Whose identity it is. PersonHasGone where it was issued to one who has gone since."""
    if identity is None:
        return None
    if identity.user_id is None and not counts(identity, issued_at):
        raise PersonHasGone
    return identity.user_id


def session_end(identity: Identity, now: datetime) -> datetime | None:
    """When the session ended at the latest; None where it did not."""
    if identity.session_expires_at is None:
        return now - KEPT  # it was swept, and that is not before
    return identity.session_ended_at


def verdict(identity: Identity, issued_at: datetime, now: datetime) -> Recognition:
    """Judge a token of somebody known."""
    if not counts(identity, issued_at):
        return Recognition.REFUSE
    end = session_end(identity, now)
    if end is not None:
        return Recognition.REOPEN if issued_at > end else Recognition.REFUSE
    if identity.session_expires_at is None or identity.session_expires_at < now + _RENEWED_BEFORE:
        return Recognition.RENEW
    return Recognition.GO_ON
