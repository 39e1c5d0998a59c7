"""The reply with a handler's result: bytes, ETag, links, location."""

from typing import Any
from urllib.parse import parse_qsl

from tenantry.api.context import CheckContext
from tenantry.api.routing.operations import Operation
from tenantry.api.schemas.paging import LARGEST_PAGE_BYTES, link_header, shortened
from tenantry.http.conditional import etag, is_unchanged
from tenantry.http.request import Request
from tenantry.http.response import Header, Reply, encode
from tenantry.http.service import Service

_JSON = (b"content-type", b"application/json")
_PRIVATE = [(b"cache-control", b"private, no-cache"), (b"vary", b"Authorization")]
_SECRET = [(b"cache-control", b"no-store")]


def render(operation: Operation, request: Request, service: Service, view: Any) -> Reply:
    """The reply to a successful call."""
    if view is None:
        return Reply(operation.status)
    body = encode(view)
    location = _location(operation.creates, service, view) if operation.creates else []
    if operation.secret or operation.context is CheckContext:  # true for this moment only
        return Reply(operation.status, body, [_JSON, *_SECRET, *location])
    headers: list[Header] = [_JSON, *_PRIVATE]
    if operation.is_list:
        return Reply(operation.status, *_listed(request, service, view, body, headers))
    tag = etag(body)
    headers.append((b"etag", tag))
    if request.method in ("GET", "HEAD") and is_unchanged(request, tag):
        return Reply(304, b"", [*_PRIVATE, (b"etag", tag)])
    return Reply(operation.status, body, [*headers, *location])


def _location(template: str, service: Service, view: Any) -> list[Header]:
    path = service.base_path + template.format_map(view)
    return [(b"location", path.encode())]


def _listed(
    request: Request, service: Service, view: Any, body: bytes, headers: list[Header]
) -> tuple[bytes, list[Header]]:
    """A page, cut to the bytes that one may have, with links to its neighbours."""
    query = parse_qsl(request.query.decode("ascii"), keep_blank_values=True)
    if len(body) > LARGEST_PAGE_BYTES:
        given = dict(query)
        view = shortened(view, backward="before" in given and "after" not in given)
        body = encode(view)
    url = service.base_url + request.path.removesuffix("/")
    link = link_header(url, query, view["list_metadata"])
    if link is not None:
        headers.append((b"link", link))
    return body, headers
