"""The files that pages are dressed with: known by name, kept in memory, cached for good."""

from hashlib import sha256
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_MEDIA_TYPES = {"console.css": "text/css", "icon.svg": "image/svg+xml"}


class Assets:
    """What stands under /static; nothing else can be asked for there."""

    def __init__(self) -> None:
        folder = resources.files("tenantry.console").joinpath("static")
        self._contents = {name: folder.joinpath(name).read_bytes() for name in _MEDIA_TYPES}
        self._versions = {
            name: sha256(content).hexdigest()[:12] for name, content in self._contents.items()
        }

    def address(self, name: str) -> str:
        """Where a page finds a file: another address as soon as the file changes."""
        return f"/static/{name}?v={self._versions[name]}"

    def route(self) -> Route:
        """The route that all of them share."""
        return Route("/static/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = self._contents.get(name)
        if content is None:
            return Response("There is no such file.\n", 404, media_type="text/plain")
        current = request.query_params.get("v") == self._versions[name]
        lifetime = "public, max-age=31536000, immutable" if current else "no-cache"
        return Response(content, headers={"Cache-Control": lifetime}, media_type=_MEDIA_TYPES[name])
