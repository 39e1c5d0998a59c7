"""Organization tokens: a person's permissions in one organization, for a product's other services.

They have the type of access tokens (RFC 9068), because verifiers everywhere expect it. Only the
audience distinguishes the two: an access token is for this service alone, an organization token for
an audience that the operator registered, which is never this service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from joserfc.errors import JoseError

from tenantry.authz.claims import Claims, InvalidToken
from tenantry.authz.grants import Grant, Scope
from tenantry.credentials.tokens import jwts
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.kit.ids import Kind, parse, show
from tenantry.kit.refusals import Refusal

LIFETIME = timedelta(minutes=5)


class AudienceUnknown(Refusal):
    """The audience is not registered; or it is omitted, and several are registered."""

    code = "invalid_target"


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """The organization and permissions in a verified organization token."""

    claims: Claims
    place: Scope
    payload: dict[str, Any]


class OrganizationTokens:
    def __init__(self, keys: SigningKeys, *, issuer: str, audiences: Sequence[str]) -> None:
        if issuer in audiences:
            raise ValueError("this service cannot be an audience of organization tokens")
        self._keys = keys
        self._issuer = issuer
        self._audiences = tuple(audiences)

    def audience(self, named: str) -> str:
        """The named audience, or the only one if it is omitted. AudienceUnknown."""
        if not self._audiences:
            raise AudienceUnknown("This service has no audience registered (TENANTRY_AUDIENCES).")
        if not named and len(self._audiences) > 1:
            raise AudienceUnknown("audience is needed: several are registered.")
        if named and named not in self._audiences:
            raise AudienceUnknown("No such audience is registered.")
        return named or next(iter(self._audiences))

    def issue(self, claims: Claims, grant: Grant, audience: str) -> str:
        """A token for `LIFETIME` from now, with the claims that WorkOS uses."""
        payload: dict[str, Any] = {
            "sub": show(Kind.USER, claims.user_id),
            "sid": show(Kind.SESSION, claims.session_id),
            **shown(grant),
        }
        return jwts.sign(
            self._keys, issuer=self._issuer, audience=audience, lifetime=LIFETIME, claims=payload
        )

    def verify(self, token: str) -> VerifiedToken:
        """The verified token. InvalidToken whatever the cause."""
        try:
            return self._check(token)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as broken:
            raise InvalidToken from broken

    def _check(self, token: str) -> VerifiedToken:
        payload = jwts.open_signed(self._keys, issuer=self._issuer, token=token)
        if payload["aud"] not in self._audiences:
            raise ValueError("for another audience")
        user_id = _id(Kind.USER, payload["sub"])
        session_id = _id(Kind.SESSION, payload["sid"])
        place = Scope(payload["org_id"], payload.get("workspace_id"))
        _id(Kind.ORGANIZATION, place.organization)
        return VerifiedToken(Claims(user_id, session_id), place, payload)


def shown(grant: Grant) -> dict[str, Any]:
    """A role and its permissions, as tokens and introspection show them."""
    place = {"org_id": show(Kind.ORGANIZATION, grant.org_id)}
    if grant.workspace_id is not None:
        place["workspace_id"] = show(Kind.WORKSPACE, grant.workspace_id)
    return {**place, "role": grant.role_key, "permissions": list(grant.permissions)}


def _id(kind: Kind, text: str) -> UUID:
    found = parse(kind, text)
    if found is None:
        raise ValueError(f"no {kind}")
    return found
