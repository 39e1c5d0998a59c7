"""Health, version and keys: for load balancers, and for services that verify our tokens."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenantry import __version__
from tenantry.api.v1.credentials.token_requests import EXCHANGE
from tenantry.http.observability.metrics import Metrics
from tenantry.http.problems import reply_to
from tenantry.http.request import Request as HttpRequest
from tenantry.http.service import Service
from tenantry.kit.refusals import Unauthenticated
from tenantry.platform import secret_keys
from tenantry.postgres.failures import OVERLOADED, cause_of
from tenantry.postgres.migrator import APPLIED
from tenantry.schema import SCHEMA


def routes(service: Service, *, shows_version: bool, metrics: Metrics | None) -> list[Route]:
    """Health, keys and discovery; the version and metrics where they are to be shown."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        failing = await _failing(service)
        status = {"status": "unavailable" if failing else "ok", "failing": failing}
        headers = {"retry-after": "1"} if failing else {}
        return JSONResponse(status, 503 if failing else 200, headers)

    async def version(_: Request) -> Response:
        return JSONResponse({"name": "tenantry", "version": __version__})

    async def jwks(_: Request) -> Response:
        return _public(service.tokens.keys.public_set())

    async def discovery(_: Request) -> Response:
        return _public(_metadata(service.base_url))

    optional = [Route("/version", version)] if shows_version else []
    if metrics is not None:
        optional.append(Route("/metrics", _showing(metrics)))
    return [
        *optional,
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/.well-known/jwks.json", jwks),
        Route("/.well-known/oauth-authorization-server", discovery),
        *_of_larger_site(service.base_path, discovery),
    ]


def _of_larger_site(
    base_path: str, discovery: Callable[[Request], Awaitable[Response]]
) -> list[Route]:
    """Where discovery is, of an issuer whose address has a path (RFC 8414, section 3.1)."""
    if not base_path:
        return []
    return [Route(f"/.well-known/oauth-authorization-server{base_path}", discovery)]


def _showing(metrics: Metrics) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if metrics.token and not compare_digest(given, f"Bearer {metrics.token}".encode()):
            return _unauthenticated(request)
        return Response(metrics.exposition(), headers={"content-type": CONTENT_TYPE_LATEST})

    return show


def _unauthenticated(request: Request) -> Response:
    refusal = Unauthenticated("Send the token of TENANTRY_METRICS_TOKEN as a bearer token.")
    return reply_to(refusal, HttpRequest.of(request.scope).id).as_response()


async def _failing(service: Service) -> list[str]:
    """The failing checks; empty if the service is ready."""
    try:
        # Without queueing behind requests: a busy process does not mean that the database is down.
        applied, keys = await service.database.ask_aside([APPLIED(), secret_keys.known()])
    except Exception as failure:
        cause = cause_of(failure)
        if cause is not None:
            return [] if cause is OVERLOADED else ["database"]
        return ["migrations"]  # the record of the schema is not there, or not for us to read
    wrong = {
        "migrations": bool(SCHEMA.missing(applied.rows)),
        "secret_key": not secret_keys.is_known(service.secret_key_id, keys),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def _public(document: dict[str, Any]) -> Response:
    return Response(
        orjson.dumps(document),
        media_type="application/json",
        headers={"cache-control": "public, max-age=300", "access-control-allow-origin": "*"},
    )


def _metadata(base_url: str) -> dict[str, Any]:
    """Where everything is (RFC 8414, section 2).

    There is no authorization endpoint, and so no response type. A list without one must be left
    out (section 3.2), and this one must be there: `none` is a registered name, and true.
    """
    return {
        "issuer": base_url,
        "jwks_uri": f"{base_url}/.well-known/jwks.json",
        "token_endpoint": f"{base_url}/api/v1/auth/token",
        "introspection_endpoint": f"{base_url}/api/v1/auth/introspect",
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "Bearer"],
        "revocation_endpoint": f"{base_url}/api/v1/auth/revoke",
        "revocation_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": ["password", "refresh_token", EXCHANGE],
        "token_endpoint_auth_methods_supported": ["none"],
        "response_types_supported": ["none"],
        "service_documentation": f"{base_url}/docs",
    }
