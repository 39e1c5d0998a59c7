"""A statement's parameters reach PostgreSQL as they are, or not at all."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from tenantry.postgres.connection import Connection
from tenantry.postgres.statement import Json, Statement
from tests.postgres.backends import ONE

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
async def test_a_parameter_comes_back_as_it_was_sent(
    connection: Connection, kind: str, value: Any
) -> None:
    statement = Statement(f"select $1::{kind}")
    for _ in range(2):  # prepared again, and known already
        (result,) = await connection.execute_pipeline([statement(value)])
        assert result.rows == [(value,)]


async def test_a_list_can_be_sent_as_json(connection: Connection) -> None:
    (result,) = await connection.execute_pipeline(
        [Statement("select $1::jsonb")(Json([1, "two", None]))]
    )
    assert result.rows == [([1, "two", None],)]


@pytest.mark.parametrize("value", ["cut\0off", ["cut\0off"], ["fine", None, "cut\0off"]])
async def test_a_nul_is_refused_rather_than_cut_off(connection: Connection, value: Any) -> None:
    with pytest.raises(ValueError, match="NUL"):
        await connection.execute_pipeline([ONE(), ECHO(value)])
    assert (await connection.execute_pipeline([ONE()]))[0].rows == [(1,)]


async def test_a_moment_without_a_zone_is_refused_rather_than_guessed(
    connection: Connection,
) -> None:
    with pytest.raises(TypeError):
        await connection.execute_pipeline([ECHO(datetime(2026, 2, 28))])
    assert (await connection.execute_pipeline([ONE()]))[0].rows == [(1,)]


async def test_one_name_never_means_two_statements() -> None:
    assert Statement("select 1").name == Statement("select 1").name
    assert Statement("select 1").name != Statement("select  1").name
