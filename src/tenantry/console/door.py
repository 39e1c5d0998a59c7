"""The way every request for a page takes: to its handler, and whatever happens, to a page."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tenantry.console import failures
from tenantry.console.pages import Pages
from tenantry.console.visit import Visit
from tenantry.web.requests import Disconnected
from tenantry.web.service import Service

Handler = Callable[[Visit], Awaitable[Response]]


class Door:
    """Makes routes of handlers."""

    def __init__(self, service: Service, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    def letter(self, path: str, shown: Handler, posted: Handler) -> Route:
        """The page that a letter's link leads to.

        The link's token goes into a cookie first, and the browser to the address without it: so it
        stands in no history, no screenshot and no bookmark. Nothing else is done with it: scanners
        of mail follow links.
        """

        async def shown_without_token(visit: Visit) -> Response:
            token = visit.token_in_link()
            if token is None:
                return await shown(visit)
            visit.keep_letter(token)
            return visit.go_to(path)

        return self.page(path, shown_without_token, posted, letter_path=path)

    def page(
        self, path: str, shown: Handler, posted: Handler | None = None, *, letter_path: str = "/"
    ) -> Route:
        """One route for all that a path takes, so that the Allow of its 405 is complete."""

        async def endpoint(request: Request) -> Response:
            visit = Visit(self._service, self._pages, request, letter_path)
            try:
                if request.method == "POST" and posted is not None:
                    await visit.must_be_ours()
                    return await posted(visit)
                return await shown(visit)
            except Disconnected:
                return Response(status_code=400)  # nobody is there to read it
            except Exception as failure:
                return failures.page(visit, failure)

        return Route(path, endpoint, methods=["GET", "POST"] if posted else ["GET"])
