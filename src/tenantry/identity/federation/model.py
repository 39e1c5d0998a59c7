"""Identity: a person as a trusted issuer identifies them, or the tombstone of a deleted one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.kit.refusals import Unauthenticated

CLOCK_SKEW = timedelta(seconds=30)
"""How far an issuer's clock may be ahead of ours."""


class PersonGone(Unauthenticated):
    """The token was issued before the account was deleted or the identity ended."""

    code = "invalid_token"
    detail = "The access token is malformed, expired, or from another issuer."


@dataclass(frozen=True, slots=True)
class Identity:
    """An issuer's subject, with the session of its calls; a tombstone if it has no person."""

    user_id: UUID | None
    session_id: UUID | None
    refused_until: datetime | None
    """Tokens issued until then are never valid again."""
    session_ended_at: datetime | None = None
    session_expires_at: datetime | None = None
