"""A statement's parameters reach PostgreSQL as they are, or not at all."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from tenantry.postgres.connection import Line
from tenantry.postgres.statement import Json, Statement
from tests.database.wires import ONE

ECHO = Statement("select $1::text")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", ""),
        ("text", "Grüße, 世界 \\ ' \" {} \u2028"),
        ("bytea", b"\x00\xff\\"),
        ("boolean", True),
        ("boolean", False),
        ("bigint", -(2**63)),
        ("uuid", UUID("0198f2c4-7c1e-7000-8000-00000000002a")),
        ("timestamptz", datetime(2026, 2, 28, 23, 59, 59, 123456, UTC)),
        ("timestamptz", datetime(1969, 7, 20, 20, 17, 40, 1, UTC)),
        ("timestamptz", datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)),
        ("timestamptz", datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=5.5)))),
        ("timestamptz[]", [datetime(1969, 7, 20, tzinfo=UTC), None]),
        ("jsonb", {"a": [1, None, "\\"], "ü": {}}),
        ("text[]", ['quoted "so"', "back\\slash", "", "NULL", "a,b", "{}"]),
        ("text[]", [None, "after nothing"]),
        ("text[]", []),
        ("uuid[]", [UUID(int=1), UUID(int=2)]),
        ("text", None),
    ],
)
async def test_a_parameter_comes_back_as_it_was_sent(line: Line, kind: str, value: Any) -> None:
    statement = Statement(f"select $1::{kind}")
    for _ in range(2):  # prepared anew, and known already
        (answer,) = await line.exchange([statement(value)])
        assert answer.rows == [(value,)]


async def test_a_list_can_be_sent_as_json(line: Line) -> None:
    (answer,) = await line.exchange([Statement("select $1::jsonb")(Json([1, "two", None]))])
    assert answer.rows == [([1, "two", None],)]


@pytest.mark.parametrize("value", ["cut\0off", ["cut\0off"], ["fine", None, "cut\0off"]])
async def test_a_nul_is_refused_rather_than_cut_off(line: Line, value: Any) -> None:
    with pytest.raises(ValueError, match="NUL"):
        await line.exchange([ONE(), ECHO(value)])
    assert (await line.exchange([ONE()]))[0].rows == [(1,)]


async def test_a_moment_without_a_zone_is_refused_rather_than_guessed(line: Line) -> None:
    with pytest.raises(TypeError):
        await line.exchange([ECHO(datetime(2026, 2, 28))])
    assert (await line.exchange([ONE()]))[0].rows == [(1,)]


async def test_one_name_never_means_two_statements() -> None:
    assert Statement("select 1").name == Statement("select 1").name
    assert Statement("select 1").name != Statement("select  1").name
