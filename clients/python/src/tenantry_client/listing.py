"""A list that is longer than a page: items one after another, fetched page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Query = Mapping[str, Any]


class Listing(Generic[T]):
    """Iterate for the items, or over `pages()`; complete while things come and go.

    `limit` is how many a page has. Nothing is fetched before it is asked for, and each iteration
    begins again.
    """

    def __init__(self, fetch: Callable[[Query], Any], query: Query) -> None:
        self._fetch = fetch
        self._query = query

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[list[T]]:
        """The pages, one after another."""
        query: Query | None = self._query
        while query is not None:
            answer = self._fetch(query)
            yield answer["data"]
            query = _next(query, answer)

    def first(self) -> T | None:
        """The first item; None where there is none."""
        return next(iter(self), None)


class AsyncListing(Generic[T]):
    """The same for callers that await: `async for`."""

    def __init__(self, fetch: Callable[[Query], Awaitable[Any]], query: Query) -> None:
        self._fetch = fetch
        self._query = query

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page:
                yield item

    async def pages(self) -> AsyncIterator[list[T]]:
        """The pages, one after another."""
        query: Query | None = self._query
        while query is not None:
            answer = await self._fetch(query)
            yield answer["data"]
            query = _next(query, answer)

    async def first(self) -> T | None:
        """The first item; None where there is none."""
        async for item in self:
            return item
        return None


def _next(query: Query, answer: Any) -> Query | None:
    """What to ask for next. `before` alone names one page, the one that ends there."""
    after = answer["list_metadata"]["after"]
    if after is None or ("before" in query and "after" not in query):
        return None
    return {**query, "after": after}
