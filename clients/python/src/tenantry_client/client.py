"""The clients: every call of the API, by its name in the document."""

import asyncio
import time
from types import TracebackType
from typing import Any, Self

import httpx2

from tenantry_client.async_calls import AsyncApi
from tenantry_client.attempts import Attempts
from tenantry_client.calls import Api
from tenantry_client.problems import Problem
from tenantry_client.sending import ApiCall
from tenantry_client.wire import Token, base_url_of, read, request_of

_TIMEOUT = httpx2.Timeout(10.0, connect=3.0)


class Tenantry(Api):
    """Tenantry, for code that waits: `Tenantry(url, token=…).organizations.list()`."""

    def __init__(
        self, base_url: str, *, token: Token = None, http: httpx2.Client | None = None
    ) -> None:
        """`token` is an access token, an API key or a service key; or gives one each time.

        `http` is a client of your own, which you close yourself. ValueError where `base_url` is no
        address.
        """
        self._base_url = base_url_of(base_url)
        self._token = token
        self._own = httpx2.Client(timeout=_TIMEOUT) if http is None else None
        self._http = http or self._own or httpx2.Client()
        super().__init__(self)

    def with_token(self, token: Token) -> "Tenantry":
        """The same connections, as somebody else; closed with this client."""
        return Tenantry(self._base_url, token=token, http=self._http)

    def send(self, call: ApiCall) -> Any:
        """Send a call; returns the response. Problem if refused; Unreachable, Misconfigured."""
        request, attempts = request_of(call, self._base_url, self._token), Attempts(call)
        while True:
            try:
                return read(self._http.send(request))
            except (httpx2.TransportError, Problem) as failure:
                pause = attempts.pause_after(failure)
                if pause is None:
                    return None
            time.sleep(pause)

    def close(self) -> None:
        """Let go of the connections."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncTenantry(AsyncApi):
    """Tenantry, for code that awaits: the same calls, with `await` and `async for`."""

    def __init__(
        self, base_url: str, *, token: Token = None, http: httpx2.AsyncClient | None = None
    ) -> None:
        """As `Tenantry`; `http` is an `AsyncClient`."""
        self._base_url = base_url_of(base_url)
        self._token = token
        self._own = httpx2.AsyncClient(timeout=_TIMEOUT) if http is None else None
        self._http = http or self._own or httpx2.AsyncClient()
        super().__init__(self)

    def with_token(self, token: Token) -> "AsyncTenantry":
        """The same connections, as somebody else; closed with this client."""
        return AsyncTenantry(self._base_url, token=token, http=self._http)

    async def send(self, call: ApiCall) -> Any:
        """Send a call; returns the response. Problem if refused; Unreachable, Misconfigured."""
        request, attempts = request_of(call, self._base_url, self._token), Attempts(call)
        while True:
            try:
                return read(await self._http.send(request))
            except (httpx2.TransportError, Problem) as failure:
                pause = attempts.pause_after(failure)
                if pause is None:
                    return None
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._own is not None:
            await self._own.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
