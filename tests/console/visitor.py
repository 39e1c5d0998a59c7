"""Somebody at the pages with a browser's cookies, as far as headers and bytes tell."""

from collections.abc import Mapping
from html import unescape

import httpx2

from tenantry.http import csrf

NOTHING: Mapping[str, str] = {}
LINK_TOKEN = "tenantry-link-token"


class Visitor:
    """Opens links and posts forms; a form's token is made as the page would have made it."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.prefix = "__Host-" if client.base_url.scheme == "https" else ""

    async def open(self, path: str, token: str) -> httpx2.Response:
        """Follow an email's link, to the page that it leads to."""
        moved = await self.client.get(path, params={"token": token})
        assert moved.status_code == 303, moved.text
        assert moved.headers["location"] == path
        return await self.client.get(path)

    async def post(
        self,
        path: str,
        token: str,
        fields: Mapping[str, str] = NOTHING,
        *,
        headers: dict[str, str] | None = None,
    ) -> httpx2.Response:
        """Fill in a form of an email's page and send it; where it leads on, what is there."""
        await self.client.get(path.removesuffix("/decline"), params={"token": token})
        proof = {"form_token": await self.proof(token)}
        answer = await self.client.post(path, data={**proof, **fields}, headers=headers)
        return await self._followed(answer)

    async def send(self, path: str, **fields: str) -> httpx2.Response:
        """A form of a page, filled in and sent; the answer itself."""
        form = {"form_token": await self.proof(""), **fields}
        return await self.client.post(path, data=form)

    async def fill(self, path: str, **fields: str) -> httpx2.Response:
        """The same, for a form that says which version it was shown for."""
        shown = (await self.client.get(path)).text
        seen = shown.partition('name="seen" value="')[2].partition('"')[0]
        return await self.send(path, seen=unescape(seen), **fields)

    async def sign_out(self) -> httpx2.Response:
        """End the session of this browser."""
        return await self.client.post("/sign-out", data={"form_token": await self.proof("")})

    async def proof(self, email: str) -> str:
        """The token of a form that this browser was given."""
        await self.client.get("/sign-out")  # a page with a form, so that there is a cookie
        cookies = self.client.cookies
        holder = cookies.get(f"{self.prefix}tenantry-session") or cookies.get(
            f"{self.prefix}tenantry-visitor"
        )
        assert holder
        return csrf.make(holder, email)

    async def _followed(self, answer: httpx2.Response) -> httpx2.Response:
        if answer.status_code != 303:
            return answer
        return await self.client.get(answer.headers["location"])
