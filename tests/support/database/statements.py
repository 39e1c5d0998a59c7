"""Every statement of the service, and what PostgreSQL says of its columns."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any, cast

import psycopg

import tenantry
from tenantry.authz.visibility import ViewerKeyset, ViewerStatement
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.rows import ColumnMismatch, row_factory
from tenantry.postgres.statement import Statement


def statements() -> list[Statement]:
    """All that modules keep as constants, alone or in mappings and lists."""
    found = dict[int, Statement]()
    for module in pkgutil.walk_packages(tenantry.__path__, "tenantry."):
        if not module.name.endswith("__main__"):
            for value in vars(import_module(module.name)).values():
                found.update({id(each): each for each in _within(value)})
    return [*found.values()]


def mismatches(service: psycopg.Connection[Any], checked: list[Statement]) -> list[str]:
    """The statements that return rows without a row type, or with columns that are not its
    fields; each in a sentence."""
    return [sentence for each in checked if (sentence := _mismatch(service, each))]


def _mismatch(service: psycopg.Connection[Any], statement: Statement) -> str | None:
    prepared = service.pgconn.prepare(b"", statement.text)
    if prepared.error_message:
        return f"{prepared.error_message.decode()}: {statement.sql}"
    described = service.pgconn.describe_prepared(b"")
    columns = [described.fname(place) or b"" for place in range(described.nfields)]
    if not columns:
        return None
    if statement.row_type is tuple:
        return f"columns {columns}, but no row type: {statement.sql}"
    try:
        row_factory(statement.row_type, tuple(each.decode() for each in columns))
    except ColumnMismatch as mismatch:
        return f"{mismatch}: {statement.sql}"
    return None


def _within(value: Any) -> Iterator[Statement]:
    if isinstance(value, Statement):
        yield value
    elif isinstance(value, ViewerStatement | ViewerKeyset):
        both = cast("ViewerStatement[Any]", value)
        yield from _within([both.for_person, both.for_key])
    elif isinstance(value, Keyset):
        lists = cast("Keyset[Any]", value)
        yield from (lists.ascending, lists.descending)
    elif isinstance(value, dict):
        yield from _within([*cast("dict[Any, Any]", value).values()])
    elif isinstance(value, list | tuple):
        for each in cast("list[Any]", value):
            yield from _within(each)
