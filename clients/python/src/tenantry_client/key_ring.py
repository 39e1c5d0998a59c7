"""The issuer's keys as they are known here, and when they are fetched anew; fetches nothing."""

import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from tenantry_client.problems import Unreachable
from tenantry_client.tokens import Key, keys_of

REFRESHED_AFTER = 600.0
"""After so many seconds keys are fetched anew, so that one that was withdrawn stops counting."""
REFETCH_SECONDS = 60.0
"""For an unknown key, or an issuer that is away, no more than once in so many seconds."""
_FIRST_SECONDS = 2.0

WELL_KNOWN = "/.well-known/oauth-authorization-server"


class KeyRing:
    """Keys by their `kid`. While the issuer is away those that are known go on."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        """ValueError where the issuer's address is none that keys may be believed from."""
        self.issuer = issuer
        must_be_safe(issuer)
        self.keys: dict[str, Key] = {}
        self._clock = clock
        self._fetched_at = self._tried_at = float("-inf")

    def wants(self, kid: str) -> bool:
        """Whether keys should be fetched before one is looked for."""
        now = self._clock()
        if not self.keys:
            return now - self._tried_at >= _FIRST_SECONDS
        is_old = now - self._fetched_at >= REFRESHED_AFTER
        return (is_old or kid not in self.keys) and now - self._tried_at >= REFETCH_SECONDS

    def trying(self) -> None:
        """A fetch begins: whatever becomes of it, the next one has time."""
        self._tried_at = self._clock()

    def took(self, key_set: Any) -> None:
        """A fetch brought a JWK Set. ValueError where it is none."""
        self.keys = keys_of(key_set)
        self._fetched_at = self._clock()

    def must_have_any(self) -> None:
        """Unreachable where no key was ever fetched."""
        if not self.keys:
            raise Unreachable(f"the keys of {self.issuer} cannot be fetched")

    def keys_address(self, discovered: Any) -> str:
        """Where discovery says that the keys are (RFC 8414, section 3). ValueError."""
        said = cast(dict[str, Any], discovered) if isinstance(discovered, dict) else {}
        if said.get("issuer") != self.issuer:
            raise ValueError("discovery tells of another issuer")
        address = said.get("jwks_uri")
        if not isinstance(address, str):
            raise ValueError("discovery tells of no keys")
        must_be_safe(address)
        return address


def must_be_safe(address: str) -> None:
    """ValueError where somebody on the way could put in keys of their own."""
    parts = urlsplit(address)
    loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        raise ValueError("expected an address that begins with https://")
