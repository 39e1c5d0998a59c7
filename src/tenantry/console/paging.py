"""Pages of a list, in an address: `after` and `before` are ids, as in the API."""

from typing import TypeVar
from uuid import UUID

from tenantry.console.page_context import PageContext
from tenantry.kit.ids import Kind, parse
from tenantry.kit.page import FIRST, LAST, Page, PageRequest
from tenantry.kit.refusals import NotFound

T = TypeVar("T")


def page_request(ctx: PageContext, kind: Kind, *, newest_first: bool = False) -> PageRequest:
    """Which part of a list the address asks for; the first where it names no id of this kind."""
    after, before = parse(kind, ctx.query("after")), parse(kind, ctx.query("before"))
    return PageRequest(after=after, before=None if after else before, descending=newest_first)


def only(row_id: UUID) -> PageRequest:
    """The part of a list that holds one row, if the list holds it at all."""
    least, most = max(row_id.int - 1, FIRST.int), min(row_id.int + 1, LAST.int)
    return PageRequest(1, after=UUID(int=least), before=UUID(int=most))


def found(page: Page[T]) -> T:
    """The row of such a part. NotFound."""
    if not page.items:
        raise NotFound
    return page.items[0]
