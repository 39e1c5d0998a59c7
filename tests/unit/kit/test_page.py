"""Pages: whatever limit and direction somebody walks with, they see every row once and in order."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.kit.page import Page, PageRequest

IDS = st.lists(st.integers(1, 60).map(lambda number: UUID(int=number)), unique=True).map(sorted)


@dataclass(frozen=True)
class Row:
    """What a list has in it, as far as pages care."""

    id: UUID


def read(ids: list[UUID], request: PageRequest) -> Page[Row]:
    """What a store does with a request: rows between two bounds, in one direction."""
    between = [Row(each) for each in sorted(ids) if request.low < each < request.high]
    found = between if request.ascending_scan else between[::-1]
    return Page[Row].of(request, found[: request.fetch])


def shown(page: Page[Row]) -> list[UUID]:
    return [row.id for row in page.items]


@given(IDS, st.integers(1, 7), st.booleans())
def test_walking_forward_shows_every_row_once_and_in_order(
    ids: list[UUID], limit: int, descending: bool
) -> None:
    request, seen = PageRequest(limit, descending=descending), list[UUID]()
    while True:
        page = read(ids, request)
        assert len(page.items) <= limit
        seen += shown(page)
        if page.after is None:
            break
        request = PageRequest(limit, after=page.after, descending=descending)
    assert seen == sorted(ids, reverse=descending)


@given(IDS, st.integers(1, 7), st.booleans())
def test_walking_back_shows_every_row_once_and_in_the_same_order(
    ids: list[UUID], limit: int, descending: bool
) -> None:
    last = UUID(int=0 if descending else 1000)
    request, seen = PageRequest(limit, before=last, descending=descending), list[UUID]()
    while True:
        page = read(ids, request)
        seen = shown(page) + seen
        if page.before is None:
            break
        request = PageRequest(limit, before=page.before, descending=descending)
    assert seen == sorted(ids, reverse=descending)


@given(IDS, st.integers(1, 7), st.booleans(), st.integers(0, 61), st.integers(0, 61))
def test_two_bounds_show_what_lies_between_them(
    ids: list[UUID], limit: int, descending: bool, one: int, other: int
) -> None:
    low, high = UUID(int=min(one, other)), UUID(int=max(one, other))
    after, before = (high, low) if descending else (low, high)
    page = read(ids, PageRequest(limit, after=after, before=before, descending=descending))
    expected = sorted((each for each in ids if low < each < high), reverse=descending)
    assert shown(page) == expected[:limit]
    assert (page.after is not None) == (len(expected) > limit)


@given(IDS, st.integers(1, 7), st.integers(1, 60))
def test_a_page_goes_on_from_a_row_that_has_gone(ids: list[UUID], limit: int, gone: int) -> None:
    place = UUID(int=gone)
    rest = [each for each in ids if each != place]
    page = read(rest, PageRequest(limit, after=place))
    assert shown(page) == [each for each in rest if each > place][:limit]


@pytest.mark.parametrize("descending", [False, True])
def test_an_empty_list_leads_nowhere(descending: bool) -> None:
    page = read([], PageRequest(descending=descending))
    assert (page.items, page.before, page.after) == ([], None, None)


def test_the_first_page_has_none_before_it_and_the_last_none_after() -> None:
    ids = [UUID(int=number) for number in range(1, 6)]
    first = read(ids, PageRequest(2))
    assert (shown(first), first.before, first.after) == (ids[:2], None, ids[1])
    second = read(ids, PageRequest(2, after=ids[1]))
    assert (shown(second), second.before, second.after) == (ids[2:4], ids[2], ids[3])
    last = read(ids, PageRequest(2, after=ids[3]))
    assert (shown(last), last.before, last.after) == (ids[4:], ids[4], None)


def test_the_page_before_the_second_is_the_first() -> None:
    ids = [UUID(int=number) for number in range(1, 6)]
    back = read(ids, PageRequest(2, before=ids[2]))
    assert (shown(back), back.before, back.after) == (ids[:2], None, ids[1])


def test_twenty_rows_are_a_page_unless_told() -> None:
    assert PageRequest().limit == 20
    assert PageRequest(limit=100).fetch == 101
