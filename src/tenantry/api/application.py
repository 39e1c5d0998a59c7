"""The ASGI application: API calls by the route table, everything else by Starlette's routes."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.routing import Match as Matched
from starlette.types import ASGIApp, Receive, Scope, Send

from tenantry.api import docs, status
from tenantry.api.dispatch import Dispatch, Observer
from tenantry.api.routes import OPERATIONS
from tenantry.api.routing.route_table import RouteTable
from tenantry.http.base_paths import BasePath
from tenantry.http.failures import MethodNotAllowed
from tenantry.http.observability.metrics import Metrics
from tenantry.http.problems import reply_to
from tenantry.http.request import Request as HttpRequest
from tenantry.http.service import Service
from tenantry.kit.refusals import NotFound, Refusal

RefusePage = Callable[[Request, Refusal], Response]
"""Renders the page for an error."""
Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]

_JSON_TYPES = ("application/json", "application/problem+json")


class Application(Starlette):
    def __init__(
        self,
        service: Service,
        *,
        lifespan: Lifespan,
        pages: Sequence[BaseRoute] = (),
        refuse_page: RefusePage | None = None,
        shows_version: bool = False,
        metrics: Metrics | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        super().__init__(
            lifespan=lifespan,
            routes=[
                *status.routes(service, shows_version=shows_version, metrics=metrics),
                *docs.routes(service.base_path),
                *pages,
            ],
            exception_handlers={HTTPException: self._refuse, Exception: self._refuse},
        )
        self.router.redirect_slashes = False
        self.router.default = self._unrouted
        self._refuse_page = refuse_page
        self.service = service
        self._observers = observers

    def build_middleware_stack(self) -> ASGIApp:
        dispatch = Dispatch(
            self.service,
            RouteTable(OPERATIONS),
            super().build_middleware_stack(),
            paths=self._paths(),
            observers=self._observers,
        )
        if not self.service.base_path:
            return dispatch
        paths = [*self._paths().values(), *(each.path for each in OPERATIONS)]
        return BasePath(dispatch, self.service.base_path, paths)

    async def _unrouted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An unknown path: redirect if only a trailing slash is wrong."""
        if scope["type"] != "http":
            await self.router.not_found(scope, receive, send)
            return
        path: str = scope["path"].rstrip("/")
        meant = {**scope, "path": path, "raw_path": quote(path).encode()}
        if scope["method"] not in ("GET", "HEAD") or not self._answers(meant):
            raise HTTPException(404)
        query: bytes = scope["query_string"]
        root = urlsplit(self.service.base_url).path
        target = f"{root}{quote(path)}{'?' if query else ''}{query.decode('latin-1')}"
        await RedirectResponse(target, 307, {"cache-control": "no-store"})(scope, receive, send)

    def _answers(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Matched.FULL for route in self.routes)

    async def _refuse(self, request: Request, failure: Exception) -> Response:
        """The response for an error on a page or file: a page for browsers, otherwise a problem."""
        if isinstance(failure, HTTPException) and self._refuse_page and _is_of_a_browser(request):
            reply = self._refuse_page(request, _refusal_of(failure))
            reply.status_code = failure.status_code
            reply.headers.update(failure.headers or {})
            return reply
        return _as_problem(request, failure)

    def _paths(self) -> dict[Hashable, str]:
        """The path templates of pages and files, by endpoint."""
        return {each.endpoint: each.path for each in self.routes if isinstance(each, Route)}


def _is_of_a_browser(request: Request) -> bool:
    is_of_api = request.url.path.startswith("/api/")
    return not is_of_api and prefers_html(request.headers.get("accept", ""))


def _refusal_of(failure: HTTPException) -> Refusal:
    return MethodNotAllowed() if failure.status_code == 405 else NotFound()


def _as_problem(request: Request, failure: Exception) -> Response:
    refusal = _refusal_of(failure) if isinstance(failure, HTTPException) else failure
    response = reply_to(refusal, HttpRequest.of(request.scope).id).as_response()
    if isinstance(failure, HTTPException):
        response.headers.update(failure.headers or {})
    return response


def prefers_html(accept: str) -> bool:
    """Whether a client names HTML and does not prefer JSON. Browsers do; most programs name
    neither, or send `*/*` (RFC 9110, 12.5.1)."""
    weights = _media_weights(accept)
    html = weights.get("text/html", 0.0)
    return html > 0.0 and html >= max(weights.get(each, 0.0) for each in _JSON_TYPES)


def _media_weights(accept: str) -> Mapping[str, float]:
    """The weight of each media type, from 0 to 1; malformed ones are ignored."""
    weights = dict[str, float]()
    for each in accept.split(","):
        name, *parameters = [part.strip().lower() for part in each.split(";")]
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            weights[name] = float(quality)
        except ValueError:
            weights[name] = 0.0
    return weights
