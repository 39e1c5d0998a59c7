"""Pages of a list, in an address: `after` and `before` are ids, as in the API."""

from tenantry.console.visit import Visit
from tenantry.kit.ids import Kind, parse
from tenantry.kit.page import PageRequest


def page_request(visit: Visit, kind: Kind, *, newest_first: bool = False) -> PageRequest:
    """Which part of a list the address asks for; the first where it names no id of this kind."""
    after, before = parse(kind, visit.query("after")), parse(kind, visit.query("before"))
    return PageRequest(after=after, before=None if after else before, descending=newest_first)
