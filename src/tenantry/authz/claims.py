"""The claims of a verified credential, before the database is queried."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.authority import KeyActor, ServiceKey
from tenantry.kit.refusals import Unauthenticated


class InvalidToken(Unauthenticated):
    """The service does not accept the token (RFC 6750, section 3.1)."""

    code = "invalid_token"
    detail = "The access token is malformed, expired, or from another issuer."


@dataclass(frozen=True, slots=True)
class Claims:
    """The person and session of a verified access token. It grants no permissions."""

    user_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class KeyClaims:
    """An API key from a request; the database decides whether it is valid."""

    digest: bytes
    on_authenticated: Callable[[KeyActor], None] = lambda _: None
    """Called with the key once it is found valid."""


@dataclass(frozen=True, slots=True)
class ServiceKeyClaims:
    """A service key from a request; the database decides whether it is valid."""

    digest: bytes
    on_authenticated: Callable[[ServiceKey], None] = lambda _: None
    """Called with the key once it is found valid."""


Credentials = Claims | KeyClaims | ServiceKeyClaims
