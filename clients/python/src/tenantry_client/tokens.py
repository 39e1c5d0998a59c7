"""Organization tokens: what one must be before it is believed, and what it then says."""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeGuard, cast

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError

from tenantry_client.keys import Key, Keys, algorithm_of
from tenantry_client.problems import TokenRefused, WrongAudience

_TYPE = "at+jwt"
# Tenantry's own tokens have these three and no other. What else a header may bring (jwk, jku, x5u,
# x5c, crit) asks to be trusted about its own key, or to be read in a way of its own.
_HEADER_MEMBERS = {"alg", "typ", "kid"}
_LONGEST = 16 * 1024


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


def named_key(token: str) -> str:
    """By which key a token says to be signed. TokenRefused where its header is none of ours."""
    return _header(token)["kid"]


def opened(token: str, keys: Keys, expected: Expected) -> OrganizationToken:
    """What the token says; TokenRefused where it is not good, here and now."""
    header = _header(token)
    known = keys.get(header["kid"], ())
    if not known:
        raise TokenRefused("it is signed by a key that the issuer does not have")
    algorithm = header["alg"]
    fitting = [key for key in known if algorithm_of(key) == algorithm]
    if not fitting or algorithm not in expected.algorithms:
        raise TokenRefused("it names another algorithm than its key has")
    try:
        claims = json.loads(_payload(token, fitting, algorithm))
    except (JoseError, ValueError) as broken:
        raise TokenRefused("its signature is not the issuer's") from broken
    if not isinstance(claims, dict):
        raise TokenRefused("it says nothing")
    return _said(cast(dict[str, Any], claims), token, expected)


def _payload(token: str, keys: Sequence[Key], algorithm: str) -> bytes:
    """The payload that one of the keys signed. ValueError if none did."""
    for key in keys:
        with suppress(BadSignatureError):
            return jws.deserialize_compact(token.encode(), key, algorithms=[algorithm]).payload
    raise ValueError("signed by none of these")


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
        raise WrongAudience(claims.get("aud"), expected.audience)
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
