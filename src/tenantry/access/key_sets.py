"""The public keys of an issuer, found by `kid` alone: what a set is, and one in a file."""

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

import orjson
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, RSAKey

from tenantry.kit.refusals import Refusal

log = logging.getLogger("tenantry.access")

PublicKey = ECKey | RSAKey
PublicKeys = Mapping[str, tuple[PublicKey, str | None]]
"""By `kid`: the key, and the one algorithm that it is meant for where the set says so."""

LARGEST_SET = 256 * 1024
_FEWEST_RSA_BITS = 2048


class IssuerUnavailable(Refusal):
    """None of an issuer's keys are known yet, and they cannot be fetched now."""

    code = "issuer_unavailable"
    detail = "The keys of the token's issuer cannot be reached at the moment. Try again shortly."


class KeySet(Protocol):
    """Where an issuer's keys come from."""

    async def find(self, kid: str) -> tuple[PublicKey, str | None] | None:
        """The key of this name; None where the issuer has none. IssuerUnavailable."""
        ...

    async def close(self) -> None:
        """Let go of what is held."""
        ...


def parse_key_set(text: bytes) -> PublicKeys:
    """The keys of a JWK Set that can verify (RFC 7517, section 5). ValueError where it is none.

    What is no such key is passed over, as the RFC wants it: another type, another use, no name,
    too short. Of two keys with one name neither counts.
    """
    try:
        entries = orjson.loads(text)["keys"]
    except (ValueError, KeyError, TypeError) as broken:
        raise ValueError("expected a JWK Set") from broken
    if not isinstance(entries, list):
        raise ValueError("expected a JWK Set")
    found, twice = dict[str, tuple[PublicKey, str | None]](), set[str]()
    for entry in cast(list[Any], entries):
        named = _verifying(entry)
        if named is not None:
            kid, key = named
            twice |= {kid} & found.keys()
            found[kid] = key
    return {kid: key for kid, key in found.items() if kid not in twice}


def _verifying(entry: Any) -> tuple[str, tuple[PublicKey, str | None]] | None:
    if not isinstance(entry, dict):
        return None
    members = cast(dict[str, Any], entry)
    kid, algorithm = members.get("kid"), members.get("alg")
    if not isinstance(kid, str) or not isinstance(algorithm, str | None):
        return None
    if members.get("use", "sig") != "sig" or "verify" not in members.get("key_ops", ["verify"]):
        return None
    try:
        key = _imported(members)
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return (kid, (key, algorithm)) if key is not None else None


def _imported(members: dict[str, Any]) -> PublicKey | None:
    """The public part alone: a set with a private key in it makes nobody hold it here."""
    if members.get("kty") == "EC":
        return ECKey.import_key({name: members[name] for name in ("kty", "crv", "x", "y")})
    if members.get("kty") == "RSA":
        with warnings.catch_warnings():  # what is too short is passed over, which is enough
            warnings.simplefilter("ignore", SecurityWarning)
            key = RSAKey.import_key({name: members[name] for name in ("kty", "n", "e")})
        return key if key.raw_value.key_size >= _FEWEST_RSA_BITS else None
    return None


class FileKeySet:
    """Keys in a file, which is read again when it has changed."""

    def __init__(self, path: Path) -> None:
        """OSError or ValueError where there is no set to begin with."""
        self._path = path
        self._seen = self._state()
        self._keys = self._read()

    async def find(self, kid: str) -> tuple[PublicKey, str | None] | None:
        """The key of this name. A file that became unreadable leaves the known keys as they are."""
        try:
            state = self._state()
            if state != self._seen:
                self._keys, self._seen = self._read(), state
        except (OSError, ValueError) as broken:
            log.warning("keys of an issuer stay as they were: %s", type(broken).__name__)
        return self._keys.get(kid)

    async def close(self) -> None:
        """Nothing is held."""

    def _state(self) -> tuple[int, int, int]:
        status = self._path.stat()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> PublicKeys:
        with self._path.open("rb") as file:
            text = file.read(LARGEST_SET + 1)
        if len(text) > LARGEST_SET:
            raise ValueError("the key set is too large")
        return parse_key_set(text)
