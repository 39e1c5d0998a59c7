"""Access tokens: JWTs (RFC 9068) that name a person and a session, and no permissions."""

import time
from collections import OrderedDict
from datetime import timedelta
from typing import Any
from uuid import UUID

from joserfc.errors import JoseError

from tenantry.authz.claims import Claims, InvalidToken
from tenantry.credentials.tokens import jwts
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.kit.ids import Kind, parse, show

LIFETIME = timedelta(minutes=15)
_LONGEST = 4096
_CACHED = 20_000


class AccessTokens:
    """Issues and verifies the service's own access tokens.

    A verified token is cached until it expires: checking the signature is the most expensive part
    of a request. The session is still read from the database every time.
    """

    def __init__(self, keys: SigningKeys, *, issuer: str) -> None:
        self.keys = keys
        self.issuer = issuer
        self.audience = issuer
        self._verified: OrderedDict[str, tuple[Claims, float]] = OrderedDict()

    def issue(self, *, user_id: UUID, session_id: UUID) -> str:
        claims = {"sub": show(Kind.USER, user_id), "sid": show(Kind.SESSION, session_id)}
        return jwts.sign(
            self.keys, issuer=self.issuer, audience=self.audience, lifetime=LIFETIME, claims=claims
        )

    def remembers(self, token: str) -> bool:
        """Whether this token was verified before, so it is one of our own."""
        return token in self._verified

    def verify(self, token: str) -> Claims:
        """The claims of a valid token. InvalidToken for every other one."""
        known = self._verified.get(token)
        if known is not None:
            claims, expires = known
            if expires <= time.time():
                raise InvalidToken
            return claims
        try:
            claims, payload = self._check(token)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as broken:
            raise InvalidToken from broken
        self._remember(token, claims, payload["exp"])
        return claims

    def opened(self, token: str) -> tuple[Claims, dict[str, Any]]:
        """The same, with all claims."""
        try:
            return self._check(token)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as broken:
            raise InvalidToken from broken

    def _check(self, token: str) -> tuple[Claims, dict[str, Any]]:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        payload = jwts.open_signed(self.keys, issuer=self.issuer, token=token)
        if payload["aud"] != self.audience:
            raise ValueError("for another audience")
        user_id = parse(Kind.USER, payload["sub"])
        session_id = parse(Kind.SESSION, payload["sid"])
        if user_id is None or session_id is None:
            raise ValueError("no person, or no session")
        return Claims(user_id, session_id), payload

    def _remember(self, token: str, claims: Claims, expires: float) -> None:
        if len(self._verified) >= _CACHED:
            self._verified.popitem(last=False)
        self._verified[token] = claims, expires
