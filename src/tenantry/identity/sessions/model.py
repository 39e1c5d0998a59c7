"""Session: a sign-in that is valid until it is ended or expires."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tenantry.kit.secrets import Secret

LIFETIME = timedelta(days=30)
"""How long a session is valid after its last refresh."""

SIBLING_WINDOW = timedelta(seconds=10)
"""How long a used refresh token still works: the response to the first call may get lost."""

KEPT = timedelta(days=7)
"""How long a session is kept after its end, for investigations."""

USED_KEPT = timedelta(days=30)
"""How long a used refresh token is kept, so that using it again ends the session."""


@dataclass(frozen=True, slots=True)
class Client:
    """The device that signed in, so that its owner recognises it."""

    user_agent: str
    network: str


@dataclass(frozen=True, slots=True)
class Session:
    id: UUID
    user_id: UUID
    user_agent: str
    network: str
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with its refresh token, which is stored nowhere."""

    user_id: UUID
    session_id: UUID
    refresh_token: Secret


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token that was presented, with its locked session."""

    session_id: UUID
    user_id: UUID
    live: bool
    used_at: datetime | None
