"""Pages on the wire: which one a query asks for, and how the next one is named (RFC 8288)."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema
from typing_extensions import TypedDict

from tenantry.api.schemas.fields import Query
from tenantry.http.response import encode
from tenantry.kit.ids import Kind, show
from tenantry.kit.page import Page, PageRequest

Item = TypeVar("Item")
View = TypeVar("View")
Cursor = TypeVar("Cursor")

LARGEST_PAGE = 100
LARGEST_PAGE_BYTES = 512 * 1024
"""What a client that does not read can make the service hold until it is disconnected."""

_ENVELOPE = 200
"""Bytes around the items, with a margin."""


class ListMetadata(TypedDict):
    """The ids to go on from; null where the list ends."""

    before: str | None
    after: str | None


class ListOf(TypedDict, Generic[View]):
    """One page of a list."""

    data: list[View]
    list_metadata: ListMetadata


def _whole_number(value: Any) -> Any:
    """Digits only: `+5`, `5.0` and ` 5` are refused."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= 3):
        raise ValueError("must be a whole number from 1 to 100")
    return value


class ListQuery(Query, Generic[Cursor]):
    """Which page is wanted. Both `after` and `before` together bound it on two sides."""

    limit: Annotated[
        int,
        Field(ge=1, le=LARGEST_PAGE),
        BeforeValidator(_whole_number),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 20}),
    ] = 20
    after: Cursor | None = None
    before: Cursor | None = None
    order: Literal["asc", "desc"] = "asc"

    @property
    def page(self) -> PageRequest:
        after: Any = self.after
        before: Any = self.before
        return PageRequest(self.limit, after, before, descending=self.order == "desc")


def listed(page: Page[Item], kind: Kind, view: Callable[[Item], View]) -> ListOf[View]:
    return {
        "data": [view(item) for item in page.items],
        "list_metadata": {
            "before": _shown(kind, page.before),
            "after": _shown(kind, page.after),
        },
    }


def shortened(view: ListOf[Any], *, backward: bool) -> ListOf[Any]:
    """A page of too many bytes as one of fewer items, at least one; the rest is on the next page.

    A page that is read `backward` keeps its last items, which are nearest to where it began.
    """
    items, metadata = view["data"], view["list_metadata"]
    size, count = _ENVELOPE, 0
    for item in reversed(items) if backward else items:
        size += len(encode(item)) + 1
        if count and size > LARGEST_PAGE_BYTES:
            break
        count += 1
    if backward:
        kept = items[len(items) - count :]
        return {"data": kept, "list_metadata": {**metadata, "before": kept[0]["id"]}}
    return {"data": items[:count], "list_metadata": {**metadata, "after": items[count - 1]["id"]}}


def link_header(url: str, query: list[tuple[str, str]], metadata: ListMetadata) -> bytes | None:
    """The `Link` header to the neighbouring pages, with the other parameters as they were.

    Where `after` and `before` bound the page on both sides, the next one keeps the far bound.
    """
    given = dict(query)
    rest = [(name, value) for name, value in query if name not in ("after", "before")]
    bound = [("before", given["before"])] if given.keys() >= {"after", "before"} else []
    links = [
        f'<{url}?{urlencode([*rest, *kept, (parameter, cursor)])}>; rel="{relation}"'
        for relation, kept, parameter, cursor in (
            ("next", bound, "after", metadata["after"]),
            ("prev", [], "before", metadata["before"]),
        )
        if cursor is not None
    ]
    return ", ".join(links).encode() if links else None


def _shown(kind: Kind, cursor: UUID | None) -> str | None:
    return show(kind, cursor) if cursor else None
