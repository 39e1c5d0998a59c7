"""A list is the same rows whichever way it is walked."""

from typing import NamedTuple
from uuid import UUID

import pytest

from tenantry.kit.page import Page, PageRequest
from tenantry.postgres.connection import Connection
from tenantry.postgres.keyset import Keyset


class Row(NamedTuple):
    id: UUID
    kind: str


_ROWS = """
    select * from (
      select lpad(to_hex(n), 32, '0')::uuid as id, (array['even', 'odd'])[n % 2 + 1] as kind
        from generate_series(1, 9) n) rows
     where $1::text <> 'none'
"""
ALL = Keyset(_ROWS, "id", Row)
ODD = Keyset(_ROWS, "id", Row, within=("kind", "$2::text"))


async def ids(
    connection: Connection, page: PageRequest, *, odd: bool
) -> tuple[list[int], UUID | None, UUID | None]:
    call = ODD(page, "some", "odd") if odd else ALL(page, "some")
    (result,) = await connection.execute_pipeline([call])
    found = Page[Row].of(page, result.rows)
    return [each.id.int for each in found.items], found.before, found.after


@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("descending", [False, True])
async def test_pages_forward_and_back_show_every_row_once(
    connection: Connection, odd: bool, descending: bool
) -> None:
    every = [n for n in range(1, 10) if n % 2 or not odd]
    if descending:
        every.reverse()
    seen, pages = list[int](), list[list[int]]()
    after: UUID | None = None
    while not seen or after is not None:
        page = PageRequest(limit=2, after=after, descending=descending)
        shown, _, after = await ids(connection, page, odd=odd)
        pages.append(shown)
        seen += shown
    assert seen == every
    last = UUID(int=pages[-1][0])
    back, _, _ = await ids(
        connection, PageRequest(limit=2, before=last, descending=descending), odd=odd
    )
    assert back == pages[-2]
