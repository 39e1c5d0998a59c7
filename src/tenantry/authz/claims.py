"""What a verified credential says, before the database is asked: who, or which key."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.authority import KeyActor, ServiceKey
from tenantry.kit.refusals import Unauthenticated


class InvalidToken(Unauthenticated):
    """A token was shown, and is none that this service accepts (RFC 6750, section 3.1)."""

    code = "invalid_token"
    detail = "The access token is malformed, expired, or not from here."


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified access token says: who, in which session. Not what they may do."""

    user_id: UUID
    session_id: UUID


def _nobody(_: KeyActor | ServiceKey) -> None:
    """Nobody needs to be told."""


@dataclass(frozen=True, slots=True)
class KeyClaims:
    """The key of an organization, as it was shown; whether it lives is not known yet."""

    digest: bytes
    told: Callable[[KeyActor], None] = _nobody
    """Who is told which key it is, once it is found alive."""


@dataclass(frozen=True, slots=True)
class ServiceKeyClaims:
    """The product's own key, as it was shown; whether it lives is not known yet."""

    digest: bytes
    told: Callable[[ServiceKey], None] = _nobody
    """As with an organization's key."""


Credentials = Claims | KeyClaims | ServiceKeyClaims
