"""Row types: the columns of a statement become the fields of a row type."""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from operator import itemgetter
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

RowFactory = Callable[[Sequence[Any]], Any]


class ColumnMismatch(TypeError):
    """A statement's columns do not match the fields of its row type."""

    def __init__(self, row_type: type, columns: Sequence[str], expected: Sequence[str]) -> None:
        super().__init__(f"{row_type.__name__}: columns {columns}, but fields {expected}")


class _Field(NamedTuple):
    """A field with its columns: one, or one for each field of a nested type."""

    columns: list[str]
    is_required: bool
    convert: RowFactory | None


@cache
def row_factory(row_type: type, columns: tuple[str, ...]) -> RowFactory:
    """A function that builds a row from a tuple with these columns. ColumnMismatch.

    A dataclass or NamedTuple takes each field from the column of that name. A nested one, such as
    `role: RoleRef`, is built from `role_id`, `role_key` and so on, and an optional one is None if
    all its columns are null. Fields with a default may have no column. Sets and enumerations are
    built from their values. Any other type is the value of the only column.
    """
    if row_type is tuple:
        return tuple
    if not _is_composite(row_type):
        if len(columns) != 1:
            raise ColumnMismatch(row_type, columns, ["one column"])
        return itemgetter(0)
    given = _given(row_type, columns)
    wanted = [column for field in given for column in field.columns]
    if sorted(wanted) != sorted(columns):
        raise ColumnMismatch(row_type, columns, wanted)
    build = _builder(row_type, given)
    if wanted == [*columns]:
        return build
    in_order = itemgetter(*map(columns.index, wanted))
    return lambda values: build(in_order(values))


def _given(row_type: type, columns: Sequence[str]) -> list[_Field]:
    """The fields that have columns; those without must have defaults, and come last."""
    every = _fields(row_type)
    given = [field for field in every if field.is_required or set(field.columns) & {*columns}]
    if given != every[: len(given)]:
        raise ColumnMismatch(row_type, columns, [name for field in every for name in field.columns])
    return given


def _builder(row_type: Any, given: Sequence[_Field]) -> RowFactory:
    conversions = list[tuple[int, int, RowFactory]]()
    start = 0
    for field in given:
        if field.convert is not None:
            conversions.append((start, start + len(field.columns), field.convert))
        start += len(field.columns)
    if not conversions:
        return lambda values: row_type(*values)
    conversions.reverse()

    def build(values: Sequence[Any]) -> Any:
        arguments = [*values]
        for first, last, convert in conversions:
            arguments[first:last] = (convert(arguments[first:last]),)
        return row_type(*arguments)

    return build


def _fields(row_type: Any) -> list[_Field]:
    hints = get_type_hints(row_type)
    if is_dataclass(row_type):
        required = {
            each.name: each.default is MISSING and each.default_factory is MISSING
            for each in fields(row_type)
            if each.init
        }
    else:
        required = {name: name not in row_type._field_defaults for name in row_type._fields}
    return [_field(name, hints[name], is_required) for name, is_required in required.items()]


def _field(name: str, hint: Any, is_required: bool) -> _Field:
    alternatives = [each for each in get_args(hint) or () if each is not NoneType]
    is_optional = NoneType in get_args(hint)
    kind = alternatives[0] if is_optional and len(alternatives) == 1 else hint
    if get_origin(kind) is frozenset:
        return _Field([name], is_required, _optional_set if is_optional else _set)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _Field([name], is_required, partial(_member, kind))
    if not _is_composite(kind):
        return _Field([name], is_required, None)
    nested = _fields(kind)
    build = _builder(kind, nested)
    columns = [f"{name}_{column}" for field in nested for column in field.columns]
    if is_optional:
        return _Field(columns, is_required, partial(_optional, build))
    return _Field(columns, is_required, build)


def _is_composite(kind: Any) -> bool:
    return is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, tuple))


def _optional(build: RowFactory, values: Sequence[Any]) -> Any:
    return None if [*values].count(None) == len(values) else build(values)


def _member(kind: type[Enum], values: Sequence[Any]) -> Enum | None:
    return None if values[0] is None else kind(values[0])


def _set(values: Sequence[Any]) -> frozenset[Any]:
    return frozenset(values[0] or ())


def _optional_set(values: Sequence[Any]) -> frozenset[Any] | None:
    return None if values[0] is None else frozenset(values[0])
