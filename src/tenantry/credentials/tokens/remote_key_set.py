"""The public keys of an issuer at its JWKS URI (RFC 7517). This module imports an HTTP client, so
it is imported only if such an issuer is configured."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

import httpx2

from tenantry.credentials.tokens.key_sets import LARGEST_SET, IssuerUnavailable
from tenantry.credentials.tokens.verification_keys import (
    VerificationKey,
    VerificationKeys,
    parse_key_set,
)

log = logging.getLogger("tenantry.authz")

REFRESHED_AFTER = 300.0
"""Seconds after which keys are fetched again in the background."""
CHECKED_WITHIN = 600.0
"""Seconds after the last fetch until keys are no longer used without another fetch: so a withdrawn
key stops working after this time at the latest."""
REFETCH_SECONDS = 60.0
"""The shortest time in seconds between two fetches for an unknown key, or from an issuer that
cannot be reached."""
_FIRST_SECONDS = 5.0
_TIMEOUT = httpx2.Timeout(3.0)
_WHOLE_SECONDS = 5.0
# Not compressed: a small response could become a large one.
_HEADERS = {"accept": "application/jwk-set+json, application/json", "accept-encoding": "identity"}


class RemoteKeySet:
    """Keys at a JWKS URI: fetched when first needed, and kept while the issuer is unreachable.

    Concurrent callers share one fetch.
    """

    def __init__(self, uri: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._uri = uri
        self._clock = clock
        self._client = httpx2.AsyncClient(timeout=_TIMEOUT, follow_redirects=False)
        self._text: bytes | None = None
        self._keys: VerificationKeys = {}
        self._fetched_at: float | None = None
        self._tried_at = self._checked_at = self._looked_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Sequence[VerificationKey]:
        """The keys with this `kid`, after another fetch if it is unknown. IssuerUnavailable."""
        now = self._clock()
        if self._fetched_at is None:
            await self._first(now)
        elif now - self._checked_at >= CHECKED_WITHIN:
            await asyncio.shield(self._fetch())
        else:
            self._refresh(now, self._fetched_at)
        if kid not in self._keys and self._fetching is not None:
            await asyncio.shield(self._fetching)
        if kid not in self._keys and self._may_look(now):
            await asyncio.shield(self._fetch())
        return self._keys.get(kid, ())

    def still_lists(self, key: VerificationKey) -> bool:
        """Whether the issuer has this key, fetched within the last `CHECKED_WITHIN` seconds."""
        now = self._clock()
        if self._fetched_at is None or now - self._checked_at >= CHECKED_WITHIN:
            return False
        self._refresh(now, self._fetched_at)
        return key in self._keys.get(key.kid, ())

    async def read(self) -> VerificationKeys:
        """All keys, fetched now. OSError if the issuer cannot be reached; ValueError."""
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                return parse_key_set(await self._downloaded(), source=self._uri)
        except (httpx2.HTTPError, httpx2.InvalidURL) as failed:
            why = str(failed).partition("\n")[0]
            raise OSError(why or type(failed).__name__) from failed

    async def close(self) -> None:
        """Stop a running fetch, and close the connection."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])
        await self._client.aclose()

    async def _first(self, now: float) -> None:
        if self._fetching is not None or now - self._tried_at >= _FIRST_SECONDS:
            await asyncio.shield(self._fetch())
        if self._fetched_at is None:
            raise IssuerUnavailable

    def _refresh(self, now: float, fetched_at: float) -> None:
        if now - fetched_at >= REFRESHED_AFTER and now - self._tried_at >= REFETCH_SECONDS:
            self._fetch()

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
                text = await self._downloaded()
            if text != self._text:
                self._keys, self._text = parse_key_set(text, source=self._uri), text
            self._fetched_at = self._clock()
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, TimeoutError) as failed:
            log.warning("key set %s cannot be fetched: %s", self._uri, type(failed).__name__)
        self._checked_at = self._clock()

    async def _downloaded(self) -> bytes:
        """The set, up to its size limit; redirects are not followed."""
        async with self._client.stream("GET", self._uri, headers=_HEADERS) as answer:
            answer.raise_for_status()
            text = bytearray()
            async for piece in answer.aiter_raw():
                text += piece
                if len(text) > LARGEST_SET:
                    raise ValueError("the key set is too large")
        return bytes(text)
