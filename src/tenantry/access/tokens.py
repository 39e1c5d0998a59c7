"""Access tokens: JWT by RFC 9068. They say who, in which session, and nothing about rights."""

import time
from collections import OrderedDict
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError

from tenantry.access.credentials import Claims, InvalidToken
from tenantry.access.keys import SigningKeys, algorithm_of
from tenantry.kit.ids import Kind, new_id, parse, show

LIFETIME = timedelta(minutes=15)
_TYPE = "at+jwt"
_HEADER_MEMBERS = {"alg", "typ", "kid"}
_CLAIMS = {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"}  # RFC 9068, section 2.2
_LONGEST = 4096
_CACHED = 20_000


class AccessTokens:
    """Issues and verifies the service's own access tokens.

    A token that was verified once is remembered until it expires: the signature is the dearest
    part of a request. The session is still read from the database every time.
    """

    def __init__(self, keys: SigningKeys, *, issuer: str) -> None:
        self.keys = keys
        self.issuer = issuer
        self.audience = issuer
        self._verified: OrderedDict[str, tuple[Claims, float]] = OrderedDict()

    def issue(self, *, user_id: UUID, session_id: UUID) -> str:
        """A token for `LIFETIME` from now."""
        now = int(time.time())
        key = self.keys.signing_key
        algorithm = algorithm_of(key)
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": show(Kind.USER, user_id),
            "sid": show(Kind.SESSION, session_id),
            "client_id": "tenantry",
            "jti": str(new_id()),
            "iat": now,
            "exp": now + int(LIFETIME.total_seconds()),
        }
        header = {"alg": algorithm, "typ": _TYPE, "kid": self.keys.signing_kid}
        return jwt.encode(header, claims, key, algorithms=[algorithm])

    def remembers(self, token: str) -> bool:
        """Whether this token was verified before: then it is one of ours."""
        return token in self._verified

    def verify(self, token: str) -> Claims:
        """Whose token it is; InvalidToken for every cause alike."""
        known = self._verified.get(token)
        if known is not None:
            claims, expires = known
            if expires <= time.time():
                raise InvalidToken
            return claims
        try:
            claims, expires = self._check(token)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as broken:
            raise InvalidToken from broken
        self._remember(token, claims, expires)
        return claims

    def _check(self, token: str) -> tuple[Claims, float]:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        payload = orjson.loads(self._verified_payload(token))
        if not payload.keys() >= _CLAIMS:
            raise ValueError("a claim is missing")
        expires = payload["exp"]
        if payload["iss"] != self.issuer or payload["aud"] != self.audience:
            raise ValueError("from elsewhere, or for somebody else")
        # Without leeway: we give no `nbf` ourselves. `iat` says when, and forbids nothing: another
        # of our servers may be a second ahead (RFC 7519, sections 4.1.5 and 4.1.6).
        if not payload.get("nbf", 0) <= time.time() < expires:
            raise ValueError("expired, or not valid yet")
        user_id = parse(Kind.USER, payload["sub"])
        session_id = parse(Kind.SESSION, payload["sid"])
        if user_id is None or session_id is None:
            raise ValueError("no person, or no session")
        return Claims(user_id, session_id), expires

    def _verified_payload(self, token: str) -> bytes:
        header: dict[str, Any] = jws.extract_compact(token.encode()).headers()
        # Our own tokens have these three members. Whatever else a header brings (jwk, jku, x5u,
        # crit) asks us to trust the token about its own key, so such a token is none of ours.
        if set(header) != _HEADER_MEMBERS or header["typ"] != _TYPE:
            raise ValueError("not one of our headers")
        key = self.keys.by_kid[header["kid"]]
        algorithm = algorithm_of(key)
        if header["alg"] != algorithm:
            raise ValueError("not this key's algorithm")
        return jws.deserialize_compact(token.encode(), key, algorithms=[algorithm]).payload

    def _remember(self, token: str, claims: Claims, expires: float) -> None:
        if len(self._verified) >= _CACHED:
            self._verified.popitem(last=False)
        self._verified[token] = claims, expires
