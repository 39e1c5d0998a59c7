"""Identity: a person as a trusted issuer names them, or the trace of one who has gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.kit.refusals import Unauthenticated

CLOCK_SKEW = timedelta(seconds=30)
"""How far an issuer's clock may be ahead: what it issued before an end may say so much later."""


class PersonHasGone(Unauthenticated):
    """The token was issued to somebody whose account was deleted since, or taken from them."""

    code = "invalid_token"
    detail = "The access token is malformed, expired, or not from here."


@dataclass(frozen=True, slots=True)
class Identity:
    """An issuer's subject, with the session in which its tokens' calls are made.

    Without a person it is a tombstone: whoever it was has gone.
    """

    user_id: UUID | None
    session_id: UUID | None
    refused_until: datetime | None
    """Tokens issued up to then never count again."""
    session_ended_at: datetime | None = None
    session_expires_at: datetime | None = None
