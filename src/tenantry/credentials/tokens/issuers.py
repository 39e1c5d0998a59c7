"""Trusted issuers: identity providers whose tokens are accepted, and their verification."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import orjson
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError

from tenantry.credentials.tokens.access_tokens import InvalidToken
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.credentials.tokens.key_sets import FileKeySet, KeySet
from tenantry.credentials.tokens.verification_keys import VerificationKey
from tenantry.kit.text import NAME_LENGTH, email_address, is_plain, is_visible, one_line

LONGEST_TOKEN = 16 * 1024
LEEWAY_SECONDS = 30
"""How far an issuer's clock may be ahead of ours; expiry has no leeway."""
_LONGEST_SUBJECT = 255

# Header members that would choose the key, or change how the token is read.
_REFUSED_MEMBERS = {"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc", "cty"}
_TYPES = {"at+jwt", "jwt"}


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer in the settings; exactly one of `jwks_uri` and `jwks_file` is set."""

    issuer: str
    audience: str
    jwks_uri: str | None = None
    jwks_file: Path | None = None
    link_verified_email: bool = False
    """Whether it is trusted to verify email addresses."""
    algorithms: tuple[str, ...] = ("ES256", "RS256")
    type: str | None = None
    """The only accepted `typ`; None accepts `at+jwt` and `JWT`."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A verified token: its subject, when it expires (seconds since 1970), and its key."""

    subject: ExternalIdentity
    expires: float
    key: VerificationKey


class Issuer:
    def __init__(self, trusted: TrustedIssuer) -> None:
        """OSError or ValueError if its key file cannot be read."""
        self._trusted = trusted
        self._keys = _key_set(trusted)
        self._types = {trusted.type.lower()} if trusted.type else _TYPES
        self._registry = jws.JWSRegistry(
            algorithms=list(trusted.algorithms), strict_check_header=False
        )

    async def close(self) -> None:
        await self._keys.close()

    async def verify(self, token: str) -> Verified:
        """The verified token. InvalidToken whatever the cause; IssuerUnavailable."""
        try:
            header = jws.extract_compact(token.encode()).headers()
            kid, algorithm = self._meant(header)
            keys = [key for key in await self._keys.find(kid) if key.fits(algorithm)]
            payload, key = self._opened(token, keys)
            return self._said(orjson.loads(payload), key)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as broken:
            raise InvalidToken from broken

    async def count_keys(self) -> int:
        """The number of keys that can verify its tokens. OSError or ValueError if unreadable."""
        listed = [key for keys in (await self._keys.read()).values() for key in keys]
        return sum(any(key.fits(each) for each in self._trusted.algorithms) for key in listed)

    def still_trusts(self, key: VerificationKey) -> bool:
        """Whether this key is still trusted; False if only `verify` can find out."""
        return self._keys.still_lists(key)

    def _meant(self, header: dict[str, Any]) -> tuple[str, str]:
        """The `kid` and algorithm in the header. ValueError."""
        if header.keys() & _REFUSED_MEMBERS:
            raise ValueError("a header that decides about its own key")
        # Media types are case-insensitive, and `application/` may be left out (RFC 7515, 4.1.9).
        if header.get("typ", "JWT").lower().removeprefix("application/") not in self._types:
            raise ValueError("a token of another type")
        kid, algorithm = header["kid"], header["alg"]
        if not isinstance(kid, str) or algorithm not in self._trusted.algorithms:
            raise ValueError("no key named, or another algorithm")
        return kid, algorithm

    def _opened(self, token: str, keys: list[VerificationKey]) -> tuple[bytes, VerificationKey]:
        """The payload, and the one of these keys that signed it."""
        for key in keys:
            with suppress(BadSignatureError):
                signed = jws.deserialize_compact(
                    token.encode(), key.material, registry=self._registry
                )
                return signed.payload, key
        raise ValueError("signed by none of the issuer's keys")

    def _said(self, payload: dict[str, Any], key: VerificationKey) -> Verified:
        now = time.time()
        if payload["iss"] != self._trusted.issuer or not self._is_for_us(payload["aud"]):
            raise ValueError("another issuer or audience")
        if "events" in payload:
            raise ValueError("describes an event, and signs no one in (RFC 8417, section 2.2)")
        issued_at, expires = _moment(payload["iat"]), _moment(payload["exp"])
        begins = max(issued_at, _moment(payload.get("nbf", 0)))
        if not begins - LEEWAY_SECONDS <= now < expires:
            raise ValueError("expired, or not valid yet")
        return Verified(self._subject(payload, issued_at), expires, key)

    def _is_for_us(self, audience: Any) -> bool:
        listed = cast(list[Any], audience) if isinstance(audience, list) else [audience]
        return self._trusted.audience in listed

    def _subject(self, payload: dict[str, Any], issued_at: float) -> ExternalIdentity:
        subject = payload["sub"]
        if not isinstance(subject, str) or not 1 <= len(subject) <= _LONGEST_SUBJECT:
            raise ValueError("no subject")
        if not is_plain(subject):
            raise ValueError("a subject with control characters in it")
        claimed = payload.get("email")
        email = email_address(claimed) if isinstance(claimed, str) else None
        proven = payload.get("email_verified") is True and self._trusted.link_verified_email
        return ExternalIdentity(
            issuer=self._trusted.issuer,
            subject=subject,
            issued_at=datetime.fromtimestamp(issued_at, UTC),
            email=email,
            email_is_proven=proven,
            name=_name(payload.get("name"), email),
        )


def issuer_of(token: str) -> str | None:
    """The issuer in an unverified token; None if it is not a JWT."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        issuer = orjson.loads(jws.extract_compact(token.encode()).payload)["iss"]
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return issuer if isinstance(issuer, str) else None


def issuers(trusted: Sequence[TrustedIssuer]) -> dict[str, Issuer]:
    """The issuers by name. OSError or ValueError if a key file cannot be read."""
    return {each.issuer: Issuer(each) for each in trusted}


def _key_set(trusted: TrustedIssuer) -> KeySet:
    if trusted.jwks_file is not None:
        return FileKeySet(trusted.jwks_file)
    from tenantry.credentials.tokens.remote_key_set import RemoteKeySet

    return RemoteKeySet(trusted.jwks_uri or "")


def _moment(claim: Any) -> float:
    """A NumericDate (RFC 7519, section 2): seconds since 1970. ValueError."""
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not 0 <= claim < 2**36:
        raise ValueError("no moment")
    return float(claim)


def _name(claimed: Any, email: str | None) -> str:
    """The name in the token if it is valid, or one derived from the address."""
    cleaned = one_line(claimed)[:NAME_LENGTH].strip() if isinstance(claimed, str) else ""
    return cleaned if is_visible(cleaned) else (email or "").partition("@")[0][:NAME_LENGTH]
