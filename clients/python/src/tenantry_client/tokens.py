"""Organization tokens: what one must be before it is believed, and what it then says."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard, cast

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from tenantry_client.problems import TokenRefused

Key = ECKey | RSAKey
Keys = Mapping[str, Key]

_TYPE = "at+jwt"
# Tenantry's own tokens have these three and no other. What else a header may bring (jwk, jku, x5u,
# x5c, crit) asks to be trusted about its own key, or to be read in a way of its own.
_HEADER_MEMBERS = {"alg", "typ", "kid"}
_LONGEST = 16 * 1024
_FEWEST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class OrganizationToken:
    """What somebody may do in one organization, or in one workspace of it."""

    user_id: str
    session_id: str
    organization_id: str
    workspace_id: str | None
    role: str
    """The key of the role in the organization."""
    permissions: frozenset[str]
    """In the workspace where one is named, else in the organization."""
    expires_at: int
    """Seconds since 1970."""
    claims: Mapping[str, Any] = field(repr=False, default_factory=dict[str, Any])
    text: str = field(repr=False, default="")
    """The token itself."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Of whom a token must be, and for whom."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("ES256", "RS256")


def algorithm_of(key: Key) -> str:
    """The one algorithm that a key is used with: it follows from the key, never from a token."""
    return "ES256" if isinstance(key, ECKey) else "RS256"


def named_key(token: str) -> str:
    """By which key a token says to be signed. TokenRefused where its header is none of ours."""
    return _header(token)["kid"]


def opened(token: str, keys: Keys, expected: Expected) -> OrganizationToken:
    """What the token says; TokenRefused where it is not good, here and now."""
    header = _header(token)
    key = keys.get(header["kid"])
    if key is None:
        raise TokenRefused("it is signed by a key that the issuer does not have")
    algorithm = algorithm_of(key)
    if header["alg"] != algorithm or algorithm not in expected.algorithms:
        raise TokenRefused("it names another algorithm than its key has")
    try:
        signed = jws.deserialize_compact(token.encode(), key, algorithms=[algorithm])
        claims = json.loads(signed.payload)
    except (JoseError, ValueError) as broken:
        raise TokenRefused("its signature is not the issuer's") from broken
    if not isinstance(claims, dict):
        raise TokenRefused("it says nothing")
    return _said(cast(dict[str, Any], claims), token, expected)


def _header(token: str) -> dict[str, str]:
    if len(token) > _LONGEST:
        raise TokenRefused("it is too long")
    try:
        header: dict[str, Any] = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError, AttributeError) as broken:
        raise TokenRefused("it is no JWT") from broken
    if set(header) != _HEADER_MEMBERS or not all(isinstance(each, str) for each in header.values()):
        raise TokenRefused("its header has other members than ours have")
    if header["typ"] != _TYPE:
        raise TokenRefused("it is a token of another type")
    return header


def _said(claims: dict[str, Any], token: str, expected: Expected) -> OrganizationToken:
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("it is from another issuer")
    if claims.get("aud") != expected.audience:
        raise TokenRefused("it is for another audience")
    now, expires, begins = time.time(), claims.get("exp"), claims.get("nbf", 0)
    if not (_is_moment(expires) and _is_moment(begins) and begins <= now < expires):
        raise TokenRefused("it has expired, or is not good yet")
    texts = [claims.get(name) for name in ("sub", "sid", "org_id", "role", "jti")]
    permissions, workspace_id = claims.get("permissions"), claims.get("workspace_id")
    if not (
        all(isinstance(text, str) and text for text in texts)
        and isinstance(workspace_id, str | None)
        and isinstance(permissions, list)
        and all(isinstance(each, str) for each in cast(list[Any], permissions))
    ):
        raise TokenRefused("it is no organization token")
    user_id, session_id, organization_id, role, _ = cast(list[str], texts)
    held = frozenset(cast(list[str], permissions))
    return OrganizationToken(
        user_id, session_id, organization_id, workspace_id, role, held, int(expires), claims, token
    )


def _is_moment(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def keys_of(key_set: Any) -> dict[str, Key]:
    """The keys of a JWK Set by their `kid` (RFC 7517, section 5). ValueError where it is none.

    What cannot verify a signature of ours is passed over, and of two with one name both are.
    """
    entries = cast(dict[str, Any], key_set).get("keys") if isinstance(key_set, dict) else None
    if not isinstance(entries, list):
        raise ValueError("expected a JWK Set")
    found, twice = dict[str, Key](), set[str]()
    for entry in cast(list[Any], entries):
        key = _key(cast(dict[str, Any], entry)) if isinstance(entry, dict) else None
        if key is not None:
            kid = cast(str, entry["kid"])
            twice |= {kid} & found.keys()
            found[kid] = key
    return {kid: key for kid, key in found.items() if kid not in twice}


def _key(entry: dict[str, Any]) -> Key | None:
    if not isinstance(entry.get("kid"), str) or entry.get("use", "sig") != "sig":
        return None
    try:
        if entry.get("kty") == "EC" and entry.get("crv") == "P-256":
            key = ECKey.import_key({name: entry[name] for name in ("kty", "crv", "x", "y")})
        elif entry.get("kty") == "RSA":
            key = RSAKey.import_key({name: entry[name] for name in ("kty", "n", "e")})
        else:
            return None
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    if isinstance(key, RSAKey) and key.raw_value.key_size < _FEWEST_RSA_BITS:
        return None
    return key if entry.get("alg", algorithm_of(key)) == algorithm_of(key) else None
