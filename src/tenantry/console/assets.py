"""Stylesheets, scripts and icons: kept in memory, cached by browsers forever."""

from hashlib import sha256
from importlib import resources
from pathlib import PurePath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class Assets:
    def __init__(self) -> None:
        folder = resources.files("tenantry.console").joinpath("static")
        self._contents = {
            file.name: file.read_bytes()
            for file in folder.iterdir()
            if PurePath(file.name).suffix in _MEDIA_TYPES
        }
        # Loaded by name: a later one may override an earlier one.
        self.stylesheets = sorted(name for name in self._contents if name.endswith(".css"))
        self._versions = {
            name: sha256(content).hexdigest()[:12] for name, content in self._contents.items()
        }

    def address(self, name: str) -> str:
        """The URL of a file, which changes with its content."""
        return f"/static/{name}?v={self._versions[name]}"

    def route(self) -> Route:
        return Route("/static/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = self._contents.get(name)
        if content is None:
            return Response("There is no such file.\n", 404, media_type="text/plain")
        current = request.scope["query_string"] == f"v={self._versions[name]}".encode()
        lifetime = "public, max-age=31536000, immutable" if current else "no-cache"
        media_type = _MEDIA_TYPES[PurePath(name).suffix]
        return Response(content, headers={"Cache-Control": lifetime}, media_type=media_type)
