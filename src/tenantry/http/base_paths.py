"""A base URL with a path, for a service under, say, `/tenantry` of a larger site."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send


def base_path_of(base_url: str) -> str:
    """The path of a base URL, without a trailing slash; empty if it has none."""
    return urlsplit(base_url).path.rstrip("/")


class BasePath:
    """ASGI 3: strips the path of the base URL, unless the proxy in front has already done so.

    `paths` are those that the service answers. What follows the base path must begin like one of
    them: so a base path of `/api` that the proxy has stripped is not stripped again.
    """

    def __init__(self, app: ASGIApp, base_path: str, paths: Iterable[str]) -> None:
        self._app = app
        self._base_path = base_path
        self._known = frozenset(_first(path) for path in paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path: str = scope["path"]
            rest = path.removeprefix(self._base_path)
            if rest != path and (not rest or (rest[0] == "/" and _first(rest) in self._known)):
                raw: bytes = scope.get("raw_path") or b""
                raw = raw.removeprefix(self._base_path.encode())
                scope = {**scope, "path": rest or "/", "raw_path": raw or b"/"}
        await self._app(scope, receive, send)


def _first(path: str) -> str:
    return path.split("/", 2)[1]
