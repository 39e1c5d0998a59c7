"""The application: our table dispatches its calls; the rest are routes as Starlette knows them."""

from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from tenantry.api import docs, status
from tenantry.api.dispatch import Dispatch, Observer
from tenantry.api.problems import MethodNotAllowed, reply_to
from tenantry.api.routes import OPERATIONS
from tenantry.api.table import RouteTable
from tenantry.kit.refusals import NotFound
from tenantry.web.base_paths import BasePath
from tenantry.web.metrics import Metrics
from tenantry.web.service import Service

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


class Application(Starlette):
    """The ASGI application."""

    def __init__(
        self,
        service: Service,
        *,
        lifespan: Lifespan,
        pages: Sequence[BaseRoute] = (),
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
            exception_handlers={HTTPException: _as_problem, Exception: _as_problem},
        )
        self.router.redirect_slashes = False
        self.service = service
        self._observers = observers

    def build_middleware_stack(self) -> ASGIApp:
        """Put our dispatch before the routes."""
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

    def _paths(self) -> dict[Hashable, str]:
        """The templates of pages and files, by what answers there."""
        return {each.endpoint: each.path for each in self.routes if isinstance(each, Route)}


async def _as_problem(request: Request, failure: Exception) -> Response:
    """What is wrong with a request for a page or a file, told as all else is told."""
    request_id = str(request.scope.get("tenantry.request_id", ""))
    headers = dict[str, str]()
    if isinstance(failure, HTTPException):
        headers = dict(failure.headers or {})
        failure = MethodNotAllowed() if failure.status_code == 405 else NotFound()
    reply = reply_to(failure, request_id)
    headers.update({name.decode(): value.decode() for name, value in reply.headers})
    return Response(reply.body, reply.status, headers)
