"""Rows are made by name."""

from dataclasses import dataclass
from typing import NamedTuple

import pytest

from tenantry.postgres.connection import Connection
from tenantry.postgres.rows import ColumnMismatch, row_factory
from tenantry.postgres.statement import Statement


class Ref(NamedTuple):
    id: int
    key: str


@dataclass(frozen=True, slots=True)
class Nested:
    name: str
    role: Ref
    other: Ref | None
    permissions: frozenset[str]
    more: str = "by default"


NESTED = Statement(
    """
    select 2 as role_id, 'n' as name, 'a' as role_key, $1::int as other_id,
           case when $1 = 7 then 'b' end as other_key, '{x,y}'::text[] as permissions
    """,
    Nested,
)


@pytest.mark.parametrize("other", [None, 7])
async def test_columns_become_fields_whatever_their_order(
    connection: Connection, other: int | None
) -> None:
    nested = Nested("n", Ref(2, "a"), None if other is None else Ref(7, "b"), frozenset("xy"))
    for _ in range(2):  # described at first, and known already
        (result,) = await connection.execute_pipeline([NESTED(other)])
        assert result.rows == [nested]


async def test_a_single_column_is_its_value(connection: Connection) -> None:
    (result,) = await connection.execute_pipeline([Statement("select 5", int)()])
    assert result.rows == [5]


@pytest.mark.parametrize(
    ("row_type", "columns"),
    [
        (Ref, ("id",)),
        (Ref, ("id", "key", "name")),
        (Ref, ("id", "keys")),
        (int, ("id", "key")),
        (Nested, ("name", "role_id", "permissions", "other_id", "other_key")),
    ],
)
def test_columns_that_are_not_the_fields_are_refused(
    row_type: type, columns: tuple[str, ...]
) -> None:
    with pytest.raises(ColumnMismatch, match=row_type.__name__):
        row_factory(row_type, columns)


async def test_a_mismatch_is_told_when_the_statement_is_first_run(connection: Connection) -> None:
    with pytest.raises(ColumnMismatch):
        await connection.execute_pipeline([Statement("select 1 as id, 'k' as name", Ref)()])
