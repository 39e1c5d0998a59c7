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
    """Which page is wanted: up to `limit` rows beyond one id, before another, or between the two.

    An id need not exist any more: it is a position, not a row.
    """

    limit: int = 20
    after: UUID | None = None
    before: UUID | None = None
    descending: bool = False

    @property
    def backward(self) -> bool:
        return self.before is not None and self.after is None

    @property
    def ascending_scan(self) -> bool:
        """Whether ids grow while reading."""
        return self.descending == self.backward

    @property
    def low(self) -> UUID:
        """Rows have greater ids than this one."""
        return (self.before if self.descending else self.after) or FIRST

    @property
    def high(self) -> UUID:
        """Rows have lesser ids than this one."""
        return (self.after if self.descending else self.before) or LAST

    @property
    def fetch(self) -> int:
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
        has_next = request.backward or more
        has_previous = more if request.backward else request.after is not None
        return cls(
            items,
            before=items[0].id if items and has_previous else None,
            after=items[-1].id if items and has_next else None,
        )
