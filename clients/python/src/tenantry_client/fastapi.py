"""Permissions as dependencies of FastAPI: `Depends(require("invoice:approve"))`.

app.state.tenantry = AsyncGuard("https://tenantry.example.com", audience="invoices")

@app.post("/workspaces/{workspace_id}/invoices")
async def create(
    bearer: Annotated[
        OrganizationToken, Depends(require("invoice:create", workspace="workspace_id"))
    ],
) -> Invoice: ...
"""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tenantry_client.guard import AsyncGuard, denied
from tenantry_client.problems import Problem, TokenRefused, Unreachable
from tenantry_client.tokens import OrganizationToken


class Of(Enum):
    """Whose workspace is meant, where none stands in the path."""

    BEARER = "the one that the token was given for"


Workspace = str | Callable[[Request], str | None] | Of | None
"""The name of the path's parameter that has the workspace's id, or what finds it in a request."""

Dependency = Callable[..., Awaitable[OrganizationToken]]

_bearer = HTTPBearer(auto_error=False, description="An organization token of Tenantry.")
Shown = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def require(permission: str, *, workspace: Workspace = None) -> Dependency:
    """Lets in who may do this, in the organization or in that workspace, and tells who they are.

    401 without a good token, 403 without the permission, 503 where it cannot be found out.
    """

    async def required(request: Request, shown: Shown) -> OrganizationToken:
        bearer = await authenticated(request, shown)
        place = _place(request, bearer, workspace)
        try:
            decision = await _guard(request).check(bearer, permission, place)
        except (Problem, Unreachable) as failure:
            raise _unavailable() from failure
        if not decision.allowed:
            raise HTTPException(403, denied(permission).told)
        return bearer

    return required


async def authenticated(request: Request, shown: Shown) -> OrganizationToken:
    """Lets in whoever bears a good token, whatever they may do; 401 and 503 as with `require`."""
    if shown is None:
        raise _unauthenticated("Bearer")
    try:
        return await _guard(request).verify(shown.credentials)
    except TokenRefused:
        raise _unauthenticated('Bearer error="invalid_token"') from None
    except Unreachable as failure:
        raise _unavailable() from failure


def _guard(request: Request) -> AsyncGuard:
    guard = getattr(request.app.state, "tenantry", None)
    if not isinstance(guard, AsyncGuard):
        raise TypeError("app.state.tenantry must be an AsyncGuard")
    return guard


def _place(request: Request, bearer: OrganizationToken, workspace: Workspace) -> str | None:
    if workspace is Of.BEARER:
        return bearer.workspace_id
    if isinstance(workspace, str):
        return request.path_params[workspace]
    return workspace(request) if callable(workspace) else None


def _unauthenticated(challenge: str) -> HTTPException:
    return HTTPException(401, {"code": "unauthenticated"}, {"www-authenticate": challenge})


def _unavailable() -> HTTPException:
    return HTTPException(503, {"code": "unavailable"}, {"retry-after": "1"})
