"""The public keys that an issuer publishes (RFC 7517): which of them can verify, and what."""

import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, RSAKey

log = logging.getLogger("tenantry.authz")

_FEWEST_RSA_BITS = 2048
_MOST_OF_ONE_KID = 4
"""The most keys of one kid: a signature is tried against each of them."""
_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key of an issuer. Two are equal if name, algorithm and material are."""

    kid: str
    algorithm: str | None
    """The key's only algorithm, if the set names one."""
    thumbprint: str
    """The thumbprint of the key material (RFC 7638)."""
    material: ECKey | RSAKey = field(repr=False, compare=False)

    def fits(self, algorithm: str) -> bool:
        """Whether it can verify signatures of this algorithm, and is intended for it."""
        if self.algorithm not in (None, algorithm):
            return False
        if isinstance(self.material, ECKey):
            return _CURVES.get(algorithm) == self.material.curve_name
        return algorithm.startswith(("RS", "PS"))


class _Unusable(ValueError):
    """An entry cannot verify signatures; the message says why and never quotes the entry."""


VerificationKeys = Mapping[str, tuple[VerificationKey, ...]]
"""By `kid`. One name may have several keys: an issuer may give an RSA and an EC key the same."""


def parse_key_set(text: bytes, *, source: str) -> VerificationKeys:
    """The keys of a JWK Set that can verify (RFC 7517, section 5). ValueError if it is not one.

    Other entries are ignored, as the RFC requires, and logged with their `source`; keys for another
    use are ignored without a line in the log.
    """
    try:
        entries = orjson.loads(text)["keys"]
    except (ValueError, KeyError, TypeError) as broken:
        raise ValueError("expected a JWK Set") from broken
    if not isinstance(entries, list):
        raise ValueError("expected a JWK Set")
    found = dict[str, tuple[VerificationKey, ...]]()
    for number, entry in enumerate(cast(list[Any], entries), 1):
        try:
            key = _verifying(entry)
            if key is not None:
                found[key.kid] = _added(found.get(key.kid, ()), key)
        except (JoseError, ValueError, KeyError, TypeError) as unfit:
            why = unfit if isinstance(unfit, _Unusable) else "it is not a well-formed public key"
            log.warning("key set %s: key %d is ignored: %s", source, number, why)
    return found


def _added(keys: tuple[VerificationKey, ...], key: VerificationKey) -> tuple[VerificationKey, ...]:
    if key in keys:  # a set may list the same key twice
        return keys
    if len(keys) == _MOST_OF_ONE_KID:
        raise _Unusable(f"{_MOST_OF_ONE_KID} others have the same kid already")
    return (*keys, key)


def _verifying(entry: Any) -> VerificationKey | None:
    """The key of one entry; None if it is for another use. ValueError and others if unusable."""
    if not isinstance(entry, dict):
        raise _Unusable("it is not an object")
    members = cast(dict[str, Any], entry)
    if members.get("use", "sig") != "sig" or "verify" not in members.get("key_ops", ["verify"]):
        return None
    kid, algorithm = members.get("kid"), members.get("alg")
    if not isinstance(kid, str):
        raise _Unusable("it has no kid")
    if not isinstance(algorithm, str | None):
        raise _Unusable("its alg is not a string")
    material = _imported(members)
    return VerificationKey(kid, algorithm, material.thumbprint(), material)


def _imported(members: dict[str, Any]) -> ECKey | RSAKey:
    """Only the public part, so that a private key in the set is never kept in memory."""
    if members.get("kty") == "EC":
        return ECKey.import_key({name: members[name] for name in ("kty", "crv", "x", "y")})
    if members.get("kty") == "RSA":
        with warnings.catch_warnings():  # keys that are too short are refused here
            warnings.simplefilter("ignore", SecurityWarning)
            key = RSAKey.import_key({name: members[name] for name in ("kty", "n", "e")})
        if key.raw_value.key_size < _FEWEST_RSA_BITS:
            raise _Unusable(f"it is an RSA key of fewer than {_FEWEST_RSA_BITS} bits")
        return key
    raise _Unusable("its kty is neither EC nor RSA")
