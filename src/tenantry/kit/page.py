"""Pages of a list: keyset by id, which is by creation, since ids are UUIDv7."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

T = TypeVar("T")

FIRST = UUID(int=0)
LAST = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: up to `limit` rows beyond one id, or before it.

    The id need not exist any more: it is a place in the order, not a row.
    """

    limit: int = 20
    after: UUID | None = None
    before: UUID | None = None
    descending: bool = False

    @property
    def backward(self) -> bool:
        """Whether rows are read against the order that they are shown in."""
        return self.before is not None

    @property
    def ascending_scan(self) -> bool:
        """Whether ids grow while reading."""
        return self.descending == self.backward

    @property
    def start(self) -> UUID:
        """The id beyond which reading begins (itself excluded)."""
        edge = self.before if self.backward else self.after
        return edge or (FIRST if self.ascending_scan else LAST)

    @property
    def fetch(self) -> int:
        """Rows to read: one more than is shown tells whether there is another page."""
        return self.limit + 1


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the ids to go on from; None where the list ends."""

    items: Sequence[T]
    before: UUID | None
    after: UUID | None

    @classmethod
    def of(cls, request: PageRequest, found: Sequence[Any]) -> "Page[Any]":
        """Cut what `request.fetch` rows brought to a page; each row has its `id`."""
        more, items = len(found) > request.limit, list(found[: request.limit])
        if request.backward:
            items.reverse()
        came_from = request.before if request.backward else request.after
        has_next = (came_from is not None) if request.backward else more
        has_previous = more if request.backward else came_from is not None
        return cls(
            items,
            before=items[0].id if items and has_previous else None,
            after=items[-1].id if items and has_next else None,
        )
