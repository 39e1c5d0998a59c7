"""Keyset pagination: one query, read in either direction from a key."""

import re
from typing import Any, Generic, Protocol

from tenantry.postgres.statement import BoundStatement, R, Statement


class Window(Protocol):
    """The part of a list to read: keys between two bounds, and the maximum number of rows."""

    @property
    def low(self) -> object: ...
    @property
    def high(self) -> object: ...
    @property
    def fetch(self) -> int: ...
    @property
    def ascending_scan(self) -> bool: ...


class Keyset(Generic[R]):
    """A list in the order of a unique key, which needs an index in the same order."""

    def __init__(
        self, sql: str, key: str, row_type: type[R], *, within: tuple[str, str] | None = None
    ) -> None:
        """`sql` ends with its conditions; `key` is the column that orders its rows.

        `within` is a column that precedes the key in the index, and the value to list: with a plain
        condition, a plan might read all rows with that value and sort them.
        """
        column, value = within or ("", "")
        low, high, limit = (f"${_own(sql + value) + place}" for place in (1, 2, 3))
        if within is not None:
            low, high, key = f"({value}, {low})", f"({value}, {high})", f"{column}, {key}"
        columns = f"({key})" if within else key
        self.ascending, self.descending = (
            Statement(
                f"{sql} and {columns} > {low} and {columns} < {high}"
                f" order by {key.replace(',', f' {direction},')} {direction} limit {limit}",
                row_type,
            )
            for direction in ("", "desc")
        )

    @classmethod
    def of_functions(
        cls, sql: str, ascending: str, descending: str, row_type: type[R]
    ) -> "Keyset[R]":
        """A list from functions; `{}` in `sql` is the part that depends on the direction, such as
        their names. The bounds and the limit come after its own parameters."""
        keyset = cls.__new__(cls)
        keyset.ascending = Statement(sql.format(ascending), row_type)
        keyset.descending = Statement(sql.format(descending), row_type)
        return keyset

    def __call__(self, page: Window, *parameters: Any) -> BoundStatement[R]:
        statement = self.ascending if page.ascending_scan else self.descending
        return statement(*parameters, page.low, page.high, page.fetch)


def _own(sql: str) -> int:
    return max(map(int, re.findall(r"\$(\d+)", sql)), default=0)
