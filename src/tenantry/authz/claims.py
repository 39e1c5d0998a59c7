"""What a verified credential says, before the database is asked: who, or which key."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.authority import KeyActor, ServiceKey
from tenantry.kit.refusals import Unauthenticated


class InvalidToken(Unauthenticated):
    """A token was sent that this service does not accept (RFC 6750, section 3.1)."""

    code = "invalid_token"
    detail = "The access token is malformed, expired, or from another issuer."


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified access token says: who, in which session. Not what they may do."""

    user_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class KeyClaims:
    """An organization's key, as it was sent; whether it is valid is not known yet."""

    digest: bytes
    on_authenticated: Callable[[KeyActor], None] = lambda _: None
    """Called with the key once it is found valid."""


@dataclass(frozen=True, slots=True)
class ServiceKeyClaims:
    """The product's own key, as it was sent; whether it is valid is not known yet."""

    digest: bytes
    on_authenticated: Callable[[ServiceKey], None] = lambda _: None
    """Called with the key once it is found valid."""


Credentials = Claims | KeyClaims | ServiceKeyClaims
