"""A signed-in user who opens pages of Acme and sends forms, without a browser."""

from collections.abc import Mapping

import httpx2

from tenantry.http.service import Service
from tests.console.screens import signed_in
from tests.console.visitor import Visitor
from tests.support.cast import Cast, Player

NOTHING: Mapping[str, str] = {}


class Hands:
    """One person of the cast, at the pages of Acme."""

    def __init__(self, visitor: Visitor, base: str) -> None:
        self.visitor = visitor
        self.base = base

    @classmethod
    async def of(
        cls, api: httpx2.AsyncClient, service: Service, cast: Cast, who: Player
    ) -> "Hands":
        """Somebody's, with a session of its own."""
        visitor = Visitor(api)
        secret = await signed_in(service, who)
        api.cookies.clear()
        api.cookies.set(f"{visitor.prefix}tenantry-session", secret.text)
        return cls(visitor, f"/organizations/{cast.acme.organization.slug}")

    async def see(self, path: str) -> httpx2.Response:
        """Open a page of Acme; one of the service, where the path begins with another slash."""
        return await self.visitor.client.get(self._whole(path))

    async def send(self, path: str, fields: Mapping[str, str] = NOTHING) -> httpx2.Response:
        """Fill in a form and send it; where that leads on, the page there."""
        proof = {"form_token": await self.visitor.proof("")}
        answer = await self.visitor.client.post(self._whole(path), data={**proof, **fields})
        if answer.status_code != 303:
            return answer
        return await self.visitor.client.get(answer.headers["location"])

    def _whole(self, path: str) -> str:
        return path[1:] if path.startswith("//") else self.base + path
