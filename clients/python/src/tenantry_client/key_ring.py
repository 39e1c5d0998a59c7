"""The issuer's keys as they are known here, and when they are fetched again; fetches nothing."""

import logging
import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from tenantry_client.keys import Keys, keys_of
from tenantry_client.problems import Misconfigured, Unreachable

log = logging.getLogger("tenantry_client")

REFRESHED_AFTER = 600.0
"""After so many seconds keys are fetched again, so that one that was withdrawn stops counting."""
REFETCH_SECONDS = 60.0
"""For an unknown key, or an issuer that is away, no more than once in so many seconds."""
_FIRST_SECONDS = 2.0

WELL_KNOWN = "/.well-known/oauth-authorization-server"


class KeyRing:
    """Keys by their `kid`. While the issuer is away those that are known go on."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        """ValueError where the issuer's address is none that keys may be believed from."""
        self.issuer = issuer
        ensure_safe_url(issuer)
        self.keys: Keys = {}
        self._trouble: Unreachable | None = None
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
        """Take over a fetched JWK Set. Misconfigured if it is not one."""
        try:
            self.keys = keys_of(key_set)
        except ValueError as broken:
            raise Misconfigured(f"What {self.issuer} names as its keys is no JWK Set.") from broken
        self._fetched_at = self._clock()
        self._trouble = None

    def failed(self, trouble: Unreachable) -> None:
        """A fetch failed: the known keys stay in use. Each cause is logged once."""
        if str(trouble) != str(self._trouble):
            log.error("%s", trouble)
        self._trouble = trouble

    def ensure_has_keys(self) -> None:
        """Unreachable or Misconfigured if no key was ever fetched."""
        if not self.keys:
            raise self._trouble or Unreachable(f"The keys of {self.issuer} are not known yet.")

    def ensure_reachable(self) -> None:
        """Unreachable or Misconfigured if the last fetch failed."""
        if self._trouble is not None:
            raise self._trouble
        self.ensure_has_keys()

    def keys_address(self, discovered: Any) -> str:
        """The keys' address in the discovery document (RFC 8414, section 3). Misconfigured."""
        said = cast(dict[str, Any], discovered) if isinstance(discovered, dict) else {}
        issuer, address = said.get("issuer"), said.get("jwks_uri")
        if issuer != self.issuer:
            raise Misconfigured(
                f"What answers at {self.issuer} calls itself {issuer!r}: pass that as the issuer,"
                " or set Tenantry's TENANTRY_BASE_URL to the address that you pass."
            )
        try:
            ensure_safe_url(str(address))
        except ValueError as unsafe:
            raise Misconfigured(
                f"{self.issuer} names {address!r} as the place of its keys, which is no https"
                " address: set its TENANTRY_BASE_URL to one."
            ) from unsafe
        return str(address)


def ensure_safe_url(address: str) -> None:
    """ValueError where somebody on the way could put in keys of their own."""
    parts = urlsplit(address)
    loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        raise ValueError("expected an address that begins with https://")
