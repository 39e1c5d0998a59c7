"""Subject: a person as a trusted issuer knows them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """Whose token is good, and whom we do not know, or not since their last session ended."""

    issuer: str
    subject: str
    """Unique at the issuer, and never given to somebody else (OpenID Connect Core, section 2)."""
    issued_at: datetime
    email: str | None
    email_is_proven: bool
    """The issuer says so, and it is one whose word on addresses counts here."""
    name: str
