"""The keys of a JWK Set that verify organization tokens."""

import logging
import warnings
from collections.abc import Mapping
from typing import Any, cast

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, RSAKey

log = logging.getLogger("tenantry_client")

Key = ECKey | RSAKey
Keys = Mapping[str, tuple[Key, ...]]
"""By `kid`. One name may have several keys."""

_FEWEST_RSA_BITS = 2048
_MOST_OF_ONE_KID = 4
"""The most keys of one kid: a signature is tried against each of them."""


class _Unusable(ValueError):
    """Why an entry cannot verify signatures, in our own words."""


def algorithm_of(key: Key) -> str:
    """The only algorithm for a key: it follows from the key, never from a token."""
    return "ES256" if isinstance(key, ECKey) else "RS256"


def keys_of(key_set: Any) -> Keys:
    """The keys of a JWK Set by their `kid` (RFC 7517, section 5). ValueError if it is not one.

    Keys that cannot verify Tenantry's signatures are ignored and logged; keys for another use are
    ignored.
    """
    entries = cast(dict[str, Any], key_set).get("keys") if isinstance(key_set, dict) else None
    if not isinstance(entries, list):
        raise ValueError("expected a JWK Set")
    found = dict[str, tuple[Key, ...]]()
    for number, entry in enumerate(cast(list[Any], entries), 1):
        try:
            named = _verifying(entry)
            if named is not None:
                kid, key = named
                found[kid] = _added(found.get(kid, ()), key)
        except (JoseError, ValueError, KeyError, TypeError) as unfit:
            why = unfit if isinstance(unfit, _Unusable) else "it is not a well-formed public key"
            log.warning("Tenantry's key set: key %d is ignored: %s", number, why)
    return found


def _added(keys: tuple[Key, ...], key: Key) -> tuple[Key, ...]:
    if key.thumbprint() in [each.thumbprint() for each in keys]:
        return keys  # a set may list the same key twice
    if len(keys) == _MOST_OF_ONE_KID:
        raise _Unusable(f"{_MOST_OF_ONE_KID} others have the same kid already")
    return (*keys, key)


def _verifying(entry: Any) -> tuple[str, Key] | None:
    """The key of one entry; None if it is for another use. ValueError and others if unusable."""
    if not isinstance(entry, dict):
        raise _Unusable("it is not an object")
    members = cast(dict[str, Any], entry)
    if members.get("use", "sig") != "sig" or "verify" not in members.get("key_ops", ["verify"]):
        return None
    kid, key = members.get("kid"), _imported(members)
    if not isinstance(kid, str):
        raise _Unusable("it has no kid")
    if members.get("alg", algorithm_of(key)) != algorithm_of(key):
        raise _Unusable(f"its alg is not {algorithm_of(key)}")
    return kid, key


def _imported(members: dict[str, Any]) -> Key:
    if members.get("kty") == "EC" and members.get("crv") == "P-256":
        return ECKey.import_key({name: members[name] for name in ("kty", "crv", "x", "y")})
    if members.get("kty") != "RSA":
        raise _Unusable("it is neither an RSA key nor one on the curve P-256")
    with warnings.catch_warnings():  # keys that are too short are refused here
        warnings.simplefilter("ignore", SecurityWarning)
        key = RSAKey.import_key({name: members[name] for name in ("kty", "n", "e")})
    if key.raw_value.key_size < _FEWEST_RSA_BITS:
        raise _Unusable(f"it is an RSA key of fewer than {_FEWEST_RSA_BITS} bits")
    return key
