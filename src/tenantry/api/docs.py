"""`/openapi.json`, and `/docs`: Swagger UI from this server alone, without inline scripts."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from tenantry.api.routes import OPERATIONS

# Swagger UI sets styles on elements, and draws its icons from data: addresses.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

_describing = Lock()


def routes() -> list[Route]:
    """The document, the page and its files."""
    ours = Path(str(resources.files("tenantry.api").joinpath("static")))
    swagger = _swagger_folder()
    return [
        Route("/openapi.json", _describe),
        Route("/docs", _serving(ours / "docs.html")),
        Route("/docs/start.js", _serving(ours / "start.js")),
        Route("/docs/swagger-ui.css", _serving(swagger / "swagger-ui.css")),
        Route("/docs/swagger-ui-bundle.js", _serving(swagger / "swagger-ui-bundle.js")),
    ]


async def _describe(_: Request) -> Response:
    # Not on the loop: the first time it takes a second, in which others want their answers.
    return Response(await to_thread(_document), media_type="application/json")


def _document() -> bytes:
    with _describing:  # who asks meanwhile waits, and does not make it once more
        return _described()


@cache
def _described() -> bytes:
    from tenantry.api.description import document  # heavy, and most processes are never asked

    return orjson.dumps(document(OPERATIONS))


def _swagger_folder() -> Path:
    """Where the distribution of Swagger UI lies that is installed with us."""
    spec = find_spec("fastapi_swagger")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("fastapi-swagger is not installed; install tenantry again")
    return Path(spec.origin).parent / "resources"


def _serving(path: Path) -> Callable[[Request], Awaitable[Response]]:
    async def serve(_: Request) -> Response:
        return FileResponse(path, headers={"content-security-policy": _POLICY})

    return serve
