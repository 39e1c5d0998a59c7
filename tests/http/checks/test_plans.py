"""Checks find every row by an index, also where a table is so small that reading it whole costs
less: the plan is kept when it has grown."""

from typing import Any, LiteralString

import psycopg
import pytest

from tests.authz import key_rows
from tests.support.cast import Cast

_AS_PERSON: LiteralString = """
    select outcome from directory.check_access(%(session)s, %(user)s, null,
      array[%(org)s], array[%(workspace)s], array[%(other)s], array['workspace:read'])
"""
_AS_KEY: LiteralString = """
    select outcome from directory.check_access_by_key(%(digest)s,
      array[%(org)s], array[%(workspace)s], array[%(other)s], array['workspace:read'])
"""
_READ_WHOLE: LiteralString = """
    select relname from pg_stat_xact_user_tables where schemaname = 'public' and seq_scan > 0
"""


@pytest.mark.parametrize("asks", [_AS_PERSON, _AS_KEY], ids=["a person", "a key"])
async def test_a_check_reads_no_table_from_end_to_end(
    cast: Cast, admin: psycopg.Connection[Any], asks: LiteralString
) -> None:
    """Failed before plans were made without such scans."""
    key = key_rows.plant(admin, cast, "viewer")
    admin.execute("analyze")
    names = {
        "session": cast.dave.actor.session_id,
        "user": cast.dave.actor.id,
        "other": cast.vera.actor.id,
        "digest": key.digest,
        "org": cast.acme.organization.id,
        "workspace": cast.acme.workspace.id,
    }
    admin.execute("select pg_stat_force_next_flush()")  # what was done before does not count
    with admin.transaction():
        assert admin.execute(asks, names).fetchall() == [("role",)]
        assert admin.execute(_READ_WHOLE).fetchall() == []
