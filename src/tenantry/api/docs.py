"""`/openapi.json`, and `/docs`: Swagger UI from this server alone, without inline scripts."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable
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


class Document:
    """The document as it is served: made when it is first asked for, and once."""

    def __init__(self) -> None:
        self._making = Lock()
        self._made: bytes | None = None

    def read(self) -> bytes:
        """Its bytes. The first time takes a second; who asks meanwhile waits for the same."""
        with self._making:
            if self._made is None:
                # Heavy, and most processes are never asked.
                from tenantry.api import description

                self._made = orjson.dumps(description.document(OPERATIONS))
            return self._made


_DOCUMENT = Document()


async def _describe(_: Request) -> Response:
    # Not on the loop: others want their answers meanwhile.
    return Response(await to_thread(_DOCUMENT.read), media_type="application/json")


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
