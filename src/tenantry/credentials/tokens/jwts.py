"""Writing and verifying the JWTs that this service signs."""

import time
from datetime import timedelta
from typing import Any

import orjson
from joserfc import jws, jwt

from tenantry.credentials.tokens.signing_keys import SigningKeys, algorithm_of
from tenantry.kit.ids import new_id

_TYPE = "at+jwt"
_HEADER_MEMBERS = {"alg", "typ", "kid"}
_CLAIMS = {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"}  # RFC 9068, section 2.2
_LONGEST = 16 * 1024

# Clients are public: none is registered.
_CLIENT = "tenantry"


def sign(
    keys: SigningKeys, *, issuer: str, audience: str, lifetime: timedelta, claims: dict[str, Any]
) -> str:
    """An access token (RFC 9068) with further `claims`, valid for `lifetime` from now."""
    now = int(time.time())
    algorithm = algorithm_of(keys.signing_key)
    payload = {
        "iss": issuer,
        "aud": audience,
        "client_id": _CLIENT,
        "jti": str(new_id()),
        "iat": now,
        "exp": now + int(lifetime.total_seconds()),
        **claims,
    }
    header = {"alg": algorithm, "typ": _TYPE, "kid": keys.signing_kid}
    return jwt.encode(header, payload, keys.signing_key, algorithms=[algorithm])


def open_signed(keys: SigningKeys, *, issuer: str, token: str) -> dict[str, Any]:
    """The payload of a token that we signed and that is valid now; its audience is not checked.

    JoseError, ValueError, KeyError, TypeError or AttributeError for anything else.
    """
    if len(token) > _LONGEST:
        raise ValueError("too long")
    payload = orjson.loads(_verified_payload(keys, token))
    if not payload.keys() >= _CLAIMS:
        raise ValueError("a claim is missing")
    if payload["iss"] != issuer:
        raise ValueError("from elsewhere")
    # Without leeway: our tokens have no `nbf`. `iat` does not limit use, because another of our
    # servers may be a second ahead (RFC 7519, sections 4.1.5 and 4.1.6).
    if not payload.get("nbf", 0) <= time.time() < payload["exp"]:
        raise ValueError("expired, or not valid yet")
    return payload


def _verified_payload(keys: SigningKeys, token: str) -> bytes:
    header: dict[str, Any] = jws.extract_compact(token.encode()).headers()
    # Our own tokens have these three members. Any other (jwk, jku, x5u, crit) would let the token
    # choose its own key, so it is not one of ours.
    if set(header) != _HEADER_MEMBERS or header["typ"] != _TYPE:
        raise ValueError("not one of our headers")
    key = keys.by_kid[header["kid"]]
    algorithm = algorithm_of(key)
    if header["alg"] != algorithm:
        raise ValueError("not this key's algorithm")
    return jws.deserialize_compact(token.encode(), key, algorithms=[algorithm]).payload
