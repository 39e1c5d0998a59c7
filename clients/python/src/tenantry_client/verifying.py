"""Verifies organization tokens by discovery: nothing but the issuer and the audience is needed."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import httpx2

from tenantry_client.key_ring import WELL_KNOWN, KeyRing
from tenantry_client.problems import Misconfigured, Unreachable
from tenantry_client.tokens import Expected, OrganizationToken, named_key, opened

_TIMEOUT = httpx2.Timeout(3.0)
_LARGEST = 256 * 1024
_ACCEPT = {"accept": "application/json"}


class Verifier:
    """Verifies tokens for one audience, for code that waits; may be used by several threads."""

    def __init__(
        self,
        issuer: str,
        *,
        audience: str,
        http: httpx2.Client | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """`issuer` is Tenantry's address, as its tokens say it; `audience` is this service."""
        self._expected = Expected(issuer.rstrip("/"), audience)
        self._ring = KeyRing(self._expected.issuer, **({"clock": clock} if clock else {}))
        self._http = http or httpx2.Client(timeout=_TIMEOUT)
        self._is_own = http is None
        self._fetching = threading.Lock()

    def verify(self, token: str) -> OrganizationToken:
        """What the token says. TokenRefused; Unreachable where no keys could ever be fetched."""
        kid = named_key(token)
        if self._ring.wants(kid):
            with self._fetching:
                if self._ring.wants(kid):
                    self._fetch()
        self._ring.ensure_has_keys()
        return opened(token, self._ring.keys, self._expected)

    def fetch_keys(self) -> None:
        """Fetch the issuer's keys now. Unreachable; Misconfigured, which says what to change."""
        with self._fetching:
            self._fetch()
        self._ring.ensure_reachable()

    def close(self) -> None:
        """Let go of the connections."""
        if self._is_own:
            self._http.close()

    def _fetch(self) -> None:
        self._ring.trying()
        try:
            discovered = _document(self._http.get(self._ring.issuer + WELL_KNOWN, headers=_ACCEPT))
            address = self._ring.keys_address(discovered)
            self._ring.took(_document(self._http.get(address, headers=_ACCEPT)))
        except (httpx2.HTTPError, httpx2.InvalidURL, Unreachable) as failure:
            self._ring.failed(_trouble(self._ring.issuer, failure))


class AsyncVerifier:
    """The same for code that awaits."""

    def __init__(
        self,
        issuer: str,
        *,
        audience: str,
        http: httpx2.AsyncClient | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """As `Verifier`; `http` is an `AsyncClient`."""
        self._expected = Expected(issuer.rstrip("/"), audience)
        self._ring = KeyRing(self._expected.issuer, **({"clock": clock} if clock else {}))
        self._http = http or httpx2.AsyncClient(timeout=_TIMEOUT)
        self._is_own = http is None
        self._fetching = asyncio.Lock()

    async def verify(self, token: str) -> OrganizationToken:
        """What the token says. TokenRefused; Unreachable where no keys could ever be fetched."""
        kid = named_key(token)
        if self._ring.wants(kid):
            async with self._fetching:
                if self._ring.wants(kid):
                    await self._fetch()
        self._ring.ensure_has_keys()
        return opened(token, self._ring.keys, self._expected)

    async def fetch_keys(self) -> None:
        """Fetch the issuer's keys now. Unreachable; Misconfigured, which says what to change."""
        async with self._fetching:
            await self._fetch()
        self._ring.ensure_reachable()

    async def close(self) -> None:
        """Let go of the connections."""
        if self._is_own:
            await self._http.aclose()

    async def _fetch(self) -> None:
        self._ring.trying()
        try:
            found = await self._http.get(self._ring.issuer + WELL_KNOWN, headers=_ACCEPT)
            address = self._ring.keys_address(_document(found))
            self._ring.took(_document(await self._http.get(address, headers=_ACCEPT)))
        except (httpx2.HTTPError, httpx2.InvalidURL, Unreachable) as failure:
            self._ring.failed(_trouble(self._ring.issuer, failure))


def _document(response: httpx2.Response) -> Any:
    """The JSON of a response. Unreachable; Misconfigured if it does not come from Tenantry."""
    status, address = response.status_code, response.url
    if status >= 500 or status == 429:
        raise Unreachable(f"{address} answers {status}.")
    try:
        if status == 200 and len(response.content) <= _LARGEST:
            return response.json()
    except ValueError:
        pass
    raise Misconfigured(
        f"{address} answers {status} and no document of Tenantry's: pass the address that"
        " Tenantry's TENANTRY_BASE_URL has, email by email."
    )


def _trouble(issuer: str, failure: Exception) -> Unreachable:
    if isinstance(failure, Unreachable):
        return failure
    return Unreachable(f"The keys of {issuer} cannot be fetched: {type(failure).__name__}.")
