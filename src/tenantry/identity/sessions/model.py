"""Session: a sign-in that lasts, until it is ended or not renewed for too long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.kit.secrets import Secret

LIFETIME = timedelta(days=30)
"""How long a session lasts after its last refresh."""

SIBLING_WINDOW = timedelta(seconds=10)
"""How long a used refresh token still gives a sibling: the answer to a first call may get lost."""


KEPT = timedelta(days=7)
"""How long a session is kept after its end, for who looks into what happened."""

USED_KEPT = timedelta(days=30)
"""How long a used refresh token is kept, so that it ends the session where it is shown again."""


@dataclass(frozen=True, slots=True)
class Client:
    """What a session remembers of the device that signed in, for its owner to recognise it."""

    user_agent: str
    network: str


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in."""

    id: UUID
    user_id: UUID
    user_agent: str
    network: str
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with the refresh token that only its owner will ever have."""

    user_id: UUID
    session_id: UUID
    refresh_token: Secret


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token that was shown, with the session that it belongs to, under its lock."""

    session_id: UUID
    user_id: UUID
    live: bool
    used_at: datetime | None
