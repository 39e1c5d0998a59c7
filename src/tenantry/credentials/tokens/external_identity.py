"""ExternalIdentity: a person as a trusted issuer identifies them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """The subject of a valid token who is unknown here or has no active session."""

    issuer: str
    subject: str
    """Unique at the issuer and never reassigned (OpenID Connect Core, section 2)."""
    issued_at: datetime
    email: str | None
    email_is_proven: bool
    """Whether the issuer says so and is trusted to verify addresses."""
    name: str
