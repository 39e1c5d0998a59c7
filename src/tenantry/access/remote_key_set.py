"""The public keys of an issuer at its JWKS URI (RFC 7517). It brings an HTTP client, so it is
imported where such an issuer is trusted, and not before."""

import asyncio
import logging
import time
from collections.abc import Callable

import httpx2

from tenantry.access.key_sets import (
    LARGEST_SET,
    IssuerUnavailable,
    PublicKey,
    PublicKeys,
    parse_key_set,
)

log = logging.getLogger("tenantry.access")

REFRESHED_AFTER = 600.0
"""After so many seconds keys are read anew, so that one that the issuer withdrew stops counting."""
REFETCH_SECONDS = 60.0
"""An unknown key is looked for at most once in so many seconds."""
_FIRST_SECONDS = 5.0
_TIMEOUT = httpx2.Timeout(3.0)
_WHOLE_SECONDS = 5.0
# Not compressed: what is small on the way could be large here.
_HEADERS = {"accept": "application/jwk-set+json, application/json", "accept-encoding": "identity"}


class RemoteKeySet:
    """Keys at a JWKS URI: fetched when they are first needed, and kept while the issuer is away.

    However many ask at once, one fetch is under way.
    """

    def __init__(self, uri: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._uri = uri
        self._clock = clock
        self._client = httpx2.AsyncClient(timeout=_TIMEOUT, follow_redirects=False)
        self._keys: PublicKeys = {}
        self._fetched_at: float | None = None
        self._tried_at = float("-inf")
        self._looked_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> tuple[PublicKey, str | None] | None:
        """The key of this name, looked for anew where it is unknown. IssuerUnavailable."""
        now = self._clock()
        if self._fetched_at is None:
            await self._first(now)
        elif now - max(self._fetched_at, self._tried_at) > REFRESHED_AFTER:
            self._fetch()  # nobody waits for it: what is known goes on
        if kid not in self._keys and self._fetching is not None:
            await asyncio.shield(self._fetching)
        if kid not in self._keys and self._may_look(now):
            await asyncio.shield(self._fetch())
        return self._keys.get(kid)

    async def close(self) -> None:
        """Stop a fetch that is under way, and let the connection go."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])
        await self._client.aclose()

    async def _first(self, now: float) -> None:
        if self._fetching is not None or now - self._tried_at >= _FIRST_SECONDS:
            await asyncio.shield(self._fetch())
        if self._fetched_at is None:
            raise IssuerUnavailable

    def _may_look(self, now: float) -> bool:
        if self._fetching is None:
            if now - self._looked_at < REFETCH_SECONDS:
                return False
            self._looked_at = now
        return True

    def _fetch(self) -> asyncio.Task[None]:
        if self._fetching is None:
            self._tried_at = self._clock()
            self._fetching = asyncio.create_task(self._renew())
            self._fetching.add_done_callback(self._fetched)
        return self._fetching

    def _fetched(self, _: asyncio.Task[None]) -> None:
        self._fetching = None

    async def _renew(self) -> None:
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                self._keys = parse_key_set(await self._downloaded())
            self._fetched_at = self._clock()
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, TimeoutError) as failed:
            log.warning("keys of an issuer cannot be fetched: %s", type(failed).__name__)

    async def _downloaded(self) -> bytes:
        """The set, read no further than its bound; redirects lead nowhere."""
        async with self._client.stream("GET", self._uri, headers=_HEADERS) as answer:
            answer.raise_for_status()
            text = bytearray()
            async for piece in answer.aiter_raw():
                text += piece
                if len(text) > LARGEST_SET:
                    raise ValueError("the key set is too large")
        return bytes(text)
