"""The application: FastAPI describes it and serves its pages; our table dispatches its calls."""

from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tenantry import __version__
from tenantry.api import docs, status, tracing
from tenantry.api.description import Problem, describe, without_unused
from tenantry.api.dispatch import Dispatch, Observer
from tenantry.api.problems import MethodNotAllowed, reply_to
from tenantry.api.routes import OPERATIONS
from tenantry.api.table import RouteTable
from tenantry.kit.refusals import NotFound
from tenantry.web.metrics import Metrics
from tenantry.web.service import Service

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]

_TAGS = {
    "organizations": "Tenants: create, find, read and change them, and what is in them.",
    "workspaces": "Parts of an organization, open to its members or private.",
    "roles": "Named sets of permissions.",
    "access": "Who may do what, where, and why; and the permissions that there are.",
    "members": "The people of an organization.",
    "invitations": "Seats with a role, offered by e-mail.",
    "api_keys": "Secrets by which programs act in one organization.",
    "service_accounts": "Who acts in an organization and is nobody.",
    "auth": "Accounts, tokens and passwords.",
    "me": "The caller's own account.",
    "operator": "For those who run the service: organizations and users from outside.",
}


class Application(FastAPI):
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
        telemetry: TelemetryConfig | None = None,
    ) -> None:
        """`telemetry` tells what OpenTelemetry is to see of requests; None: nothing."""
        super().__init__(
            title="Tenantry",
            version=__version__,
            description="Organizations, workspaces, roles, members and invitations.",
            openapi_tags=[{"name": name, "description": told} for name, told in _TAGS.items()],
            lifespan=lifespan,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            routes=[
                *status.routes(service, shows_version=shows_version, metrics=metrics),
                *docs.routes(),
                *pages,
            ],
            exception_handlers={HTTPException: _as_problem, Exception: _as_problem},
            telemetry=tracing.within_limits(telemetry),
        )
        self.service = service
        self._observers = observers
        # FastAPI looks on every request whether OpenTelemetry was set up meanwhile. That takes a
        # tenth of a small call, so it is asked only where an exporter is configured at all.
        self._traced = telemetry is not None
        describe(self, OPERATIONS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the lifespan (ASGI 3)."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
        elif self._traced:
            await super().__call__(tracing.without_query(scope), receive, send)
        else:
            await Starlette.__call__(self, scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Put our dispatch before FastAPI's own routes."""
        dispatch = Dispatch(
            self.service,
            RouteTable(OPERATIONS),
            super().build_middleware_stack(),
            paths=self._paths(),
            observers=self._observers,
        )
        return tracing.WithQuery(dispatch) if self._traced else dispatch

    def _paths(self) -> dict[Hashable, str]:
        """The templates of pages and files, by what answers there."""
        return {each.endpoint: each.path for each in self.routes if isinstance(each, Route)}

    def openapi(self) -> dict[str, Any]:
        """The document (OpenAPI 3.1), with the one shape that every problem has."""
        if not self.openapi_schema:
            document = super().openapi()
            schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = document["components"]["schemas"]
            schemas.update(schema.pop("$defs", {}))
            schemas["Problem"] = schema
            without_unused(document)
        return self.openapi_schema or {}


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
