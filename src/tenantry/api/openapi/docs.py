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


def routes(base_path: str) -> list[Route]:
    """The OpenAPI document, its page and files, with the base path in every address."""
    ours = Path(str(resources.files("tenantry.api").joinpath("static")))
    swagger = _swagger_folder()
    return [
        Route("/openapi.json", _describing(Document(base_path))),
        Route("/docs", _filling(ours / "docs.html", "text/html", base_path)),
        Route("/docs/start.js", _filling(ours / "start.js", "text/javascript", base_path)),
        Route("/docs/swagger-ui.css", _serving(swagger / "swagger-ui.css")),
        Route("/docs/swagger-ui-bundle.js", _serving(swagger / "swagger-ui-bundle.js")),
    ]


class Document:
    """The document as it is served: made when it is first asked for, and once."""

    def __init__(self, base_path: str = "") -> None:
        self._base_path = base_path
        self._making = Lock()
        self._made: bytes | None = None

    def read(self) -> bytes:
        """Its bytes. The first time takes a second; who asks meanwhile waits for the same."""
        with self._making:
            if self._made is None:
                # Heavy, and most processes are never asked.
                from tenantry.api.openapi import description

                made = description.document(OPERATIONS)
                if self._base_path:
                    description.move(made, self._base_path)
                self._made = orjson.dumps(made)
            return self._made


def _describing(document: Document) -> Callable[[Request], Awaitable[Response]]:
    async def describe(_: Request) -> Response:
        # In a thread, so that the event loop stays free.
        return Response(await to_thread(document.read), media_type="application/json")

    return describe


def _swagger_folder() -> Path:
    """Where the distribution of Swagger UI lies that is installed with us."""
    spec = find_spec("fastapi_swagger")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("fastapi-swagger is not installed; install tenantry again")
    return Path(spec.origin).parent / "resources"


def _filling(
    path: Path, media_type: str, base_path: str
) -> Callable[[Request], Awaitable[Response]]:
    """One of our files that contains addresses."""
    content = path.read_text("utf-8").replace("{base_path}", base_path)

    async def fill(_: Request) -> Response:
        headers = {"content-security-policy": _POLICY}
        return Response(content, media_type=media_type, headers=headers)

    return fill


def _serving(path: Path) -> Callable[[Request], Awaitable[Response]]:
    async def serve(_: Request) -> Response:
        return FileResponse(path, headers={"content-security-policy": _POLICY})

    return serve
