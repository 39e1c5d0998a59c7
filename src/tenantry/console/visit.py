"""A request as a page's handler sees it."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request as StarletteRequest
from starlette.responses import Response

from tenantry.access.authority import Actor
from tenantry.access.entrance import Claims, Entrance
from tenantry.console import posts
from tenantry.console.pages import Pages
from tenantry.console.posts import Form
from tenantry.database.transaction import Tx
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.rates.actions import Meter
from tenantry.sessions.model import Client, Opened
from tenantry.web.metering import meter_of
from tenantry.web.requests import Request
from tenantry.web.service import Service

_TOKEN = re.compile("[A-Za-z0-9_-]{1,200}")


class Visit:
    """One request for a page, with what answers it."""

    def __init__(self, service: Service, pages: Pages, request: StarletteRequest) -> None:
        self.service = service
        self._pages = pages
        self._request = Request(request.scope, request.receive)
        self.request_id: str = request.scope["tenantry.request_id"]
        self.path_params: dict[str, str] = request.path_params

    @property
    def client(self) -> Client:
        """What a session remembers of the device."""
        return self._request.client

    @property
    def meter(self) -> Meter:
        """Counts what this request does."""
        return meter_of(self.service, self._request)

    def token(self) -> Secret:
        """The token in the query of a letter's link. NotFound where it cannot be one."""
        query = parse_qs(self._request.query.decode("latin-1"))
        return token_of(query.get("token", []))

    def must_come_from_us(self) -> None:
        """ForeignPost where another site sent the form."""
        posts.must_come_from(self.service.base_url, self._request)

    async def form(self) -> Form:
        """What was filled in. PayloadTooLarge, NotAForm, MalformedForm."""
        return await posts.form_of(self._request)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Tx]:
        """A transaction of this request."""
        async with self.service.database.transaction() as (tx, _):
            tx.request_id = self.request_id
            yield tx

    @asynccontextmanager
    async def entered(self, opened: Opened) -> AsyncGenerator[tuple[Tx, Actor]]:
        """The same for who has just signed in. Unauthenticated where that is over by now."""
        entrance = Entrance(Claims(opened.user_id, opened.session_id))
        async with self.service.database.transaction(entrance.call()) as (tx, (answer,)):
            tx.request_id = self.request_id
            yield tx, entrance.actor(answer)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """The reply that shows a template."""
        return self._pages.page(template, status, **context)


def token_of(given: list[str]) -> Secret:
    """The one token that was given. NotFound where there is none, or what can be no token."""
    if len(given) != 1 or _TOKEN.fullmatch(given[0]) is None:
        raise NotFound
    return Secret(given[0])
