"""Keyset pagination by id, which is by creation, because ids are UUIDv7."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

T = TypeVar("T")

FIRST = UUID(int=0)
LAST = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The requested page: up to `limit` rows after one id, before another, or between the two.

    The ids are positions, so their rows may have been deleted.
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
        """Whether rows are read in ascending order of ids."""
        return self.descending == self.backward

    @property
    def low(self) -> UUID:
        """The exclusive lower bound of ids."""
        return (self.before if self.descending else self.after) or FIRST

    @property
    def high(self) -> UUID:
        """The exclusive upper bound of ids."""
        return (self.after if self.descending else self.before) or LAST

    @property
    def fetch(self) -> int:
        return self.limit + 1


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the ids to continue from; None where the list ends."""

    items: Sequence[T]
    before: UUID | None
    after: UUID | None

    @classmethod
    def of(cls, request: PageRequest, found: Sequence[Any]) -> "Page[Any]":
        """A page of the rows that were fetched by `request.fetch`; each row has an `id`."""
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
