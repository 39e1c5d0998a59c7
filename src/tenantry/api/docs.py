"""`/openapi.json`, and `/docs`: Swagger UI from this server alone, without inline scripts."""

from collections.abc import Awaitable, Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

_STATIC = Path(__file__).parent / "static"
# Swagger UI sets styles on elements, and draws its icons from data: addresses.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def routes(base_path: str) -> list[Route]:
    """The OpenAPI document, its page and files, with the base path in every address."""

    swagger_ui = _swagger_ui()

    async def show(_: Request) -> Response:
        return Response(document(base_path), media_type="application/json")

    return [
        Route("/openapi.json", show),
        Route("/docs", _filling(_STATIC / "docs.html", "text/html", base_path)),
        Route("/docs/start.js", _filling(_STATIC / "start.js", "text/javascript", base_path)),
        Route("/docs/swagger-ui.css", _serving(swagger_ui / "swagger-ui.css")),
        Route("/docs/swagger-ui-bundle.js", _serving(swagger_ui / "swagger-ui-bundle.js")),
    ]


@cache
def document(base_path: str) -> bytes:
    """The committed document, compact. Its paths begin with the base path, for tools that resolve
    them against the document's own URL."""
    committed = orjson.loads(_committed().read_bytes())
    if base_path:
        committed["servers"] = [{"url": base_path}]
        for scheme in committed["components"]["securitySchemes"].values():
            for flow in scheme.get("flows", {}).values():
                for address in ("tokenUrl", "refreshUrl"):
                    flow[address] = base_path + flow[address]
    return orjson.dumps(committed)


def _committed() -> Path:
    """The path of the document, in an installed wheel or at the root of a clone."""
    packaged = _STATIC / "openapi.json"
    return packaged if packaged.exists() else Path(__file__).parents[3] / "openapi.json"


def _swagger_ui() -> Path:
    """The folder of Swagger UI's files, without importing its package, which imports FastAPI."""
    package = find_spec("fastapi_swagger")
    if package is None or package.origin is None:
        raise FileNotFoundError("fastapi-swagger is not installed: install tenantry again")
    return Path(package.origin).parent / "resources"


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
