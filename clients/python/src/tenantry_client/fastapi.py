"""Permissions as dependencies of FastAPI: `Depends(require("invoice:approve"))`.

@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    guard = AsyncGuard("https://tenantry.example.com", audience="invoices")
    async with protect(app, guard):
        yield

@app.post("/workspaces/{workspace_id}/invoices")
async def create(
    bearer: Annotated[
        OrganizationToken, Depends(require("invoice:create", workspace="workspace_id"))
    ],
) -> Invoice: ...
"""

import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from enum import Enum
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tenantry_client.guard import AsyncGuard, denied
from tenantry_client.problems import (
    Misconfigured,
    Problem,
    TokenRefused,
    Unreachable,
    WrongAudience,
)
from tenantry_client.tokens import OrganizationToken

_PERMISSION = re.compile(r"[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}")


class Of(Enum):
    """Which workspace is meant where the path names none."""

    BEARER = "the one that the token was given for"


Workspace = str | Callable[[Request], str | None] | Of | None
"""The name of the path's parameter that has the workspace's id, or what finds it in a request."""

_bearer = HTTPBearer(auto_error=False, description="An organization token of Tenantry.")
Shown = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class Required:
    """A dependency that lets in callers with a permission, and returns the caller."""

    def __init__(self, permission: str, workspace: Workspace) -> None:
        self.permission = permission
        self.workspace = workspace

    async def __call__(self, request: Request, shown: Shown) -> OrganizationToken:
        """The caller, if let in; HTTPException with 401, 403 or 503."""
        bearer = await authenticated(request, shown)
        guard, place = _guard(request), self._place(request, bearer)
        try:
            decision = await guard.check(bearer, self.permission, place)
        except (Problem, Unreachable) as failure:
            raise _unavailable(guard, failure) from failure
        if not decision.allowed:
            raise HTTPException(403, denied(self.permission).told)
        return bearer

    def ensure_fits(self, path: str) -> None:
        """ValueError if a route's path does not have the parameter that this names."""
        name = self.workspace
        if isinstance(name, str) and not re.search(rf"{{{re.escape(name)}[:}}]", path):
            raise self._unfit(path)

    def _unfit(self, path: str) -> ValueError:
        return ValueError(
            f"{path} has no path parameter {self.workspace!r}, which require({self.permission!r},"
            f" workspace={self.workspace!r}) names: give the route one, or rename it here."
        )

    def _place(self, request: Request, bearer: OrganizationToken) -> str | None:
        if self.workspace is Of.BEARER:
            return bearer.workspace_id
        if isinstance(self.workspace, str):
            if self.workspace not in request.path_params:
                raise self._unfit(request.url.path)
            return request.path_params[self.workspace]
        return self.workspace(request) if callable(self.workspace) else None


def require(permission: str, *, workspace: Workspace = None) -> Required:
    """Lets in callers who may do this, in the organization or that workspace; returns the caller.

    401 without a good token, 403 without the permission, 503 where it cannot be found out.
    ValueError if the permission's name is malformed.
    """
    if not _PERMISSION.fullmatch(permission):
        raise ValueError(f"{permission!r} is no permission: expected a name such as invoice:read")
    return Required(permission, workspace)


async def authenticated(request: Request, shown: Shown) -> OrganizationToken:
    """Lets in anyone with a valid token, whatever they may do; 401 and 503 as with `require`."""
    if shown is None:
        raise _unauthenticated("Bearer")
    guard = _guard(request)
    try:
        return await guard.verify(shown.credentials)
    except TokenRefused as refusal:
        if isinstance(refusal, WrongAudience):
            guard.notices.write(f"A token was refused: {refusal}")
        raise _unauthenticated('Bearer error="invalid_token"') from None
    except Unreachable as failure:
        raise _unavailable(guard, failure) from failure


@asynccontextmanager
async def protect(app: FastAPI, guard: AsyncGuard) -> AsyncGenerator[None]:
    """Protect an application with a guard while it runs; the guard is closed with it.

    ValueError if a route does not have the parameter that its `require` names, Misconfigured if the
    guard's settings are wrong: both say what to change. If Tenantry cannot be reached yet, the
    application starts, and its routes answer 503 until it can.
    """
    app.state.tenantry = guard
    try:
        for path, dependency in requirements_of(app):
            dependency.ensure_fits(path)
        try:
            await guard.ensure_ready()
        except Misconfigured:
            raise
        except (Problem, Unreachable) as failure:
            guard.notices.write(f"Tenantry does not answer yet: {failure}")
        yield
    finally:
        await guard.close()


def requirements_of(app: FastAPI) -> Iterator[tuple[str, Required]]:
    """Each route's path, with each `require` that it depends on; included routers too."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute):
            yield from ((str(route.path), found) for found in _required(route.dependant))


def _required(dependant: Dependant) -> Iterator[Required]:
    if isinstance(dependant.call, Required):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _required(inner)


def _guard(request: Request) -> AsyncGuard:
    guard = getattr(request.app.state, "tenantry", None)
    if not isinstance(guard, AsyncGuard):
        raise TypeError("app.state.tenantry must be an AsyncGuard")
    return guard


def _unauthenticated(challenge: str) -> HTTPException:
    return HTTPException(401, {"code": "unauthenticated"}, {"www-authenticate": challenge})


def _unavailable(guard: AsyncGuard, failure: Exception) -> HTTPException:
    if isinstance(failure, Misconfigured):
        guard.notices.write(str(failure))
    return HTTPException(503, {"code": "unavailable"}, {"retry-after": "1"})
