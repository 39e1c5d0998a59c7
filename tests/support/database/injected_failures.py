"""Writes that fail as transactions do that stand in each other's way, as often as a test says."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

DEADLOCK, SERIALIZATION = "40P01", "40001"

_TRIPS = """
    create sequence trips;
    grant usage on sequence trips to tenantry_service;
    create function trip() returns trigger language plpgsql as $$
    begin
      if nextval('public.trips') <= {times} then raise exception using errcode = {code}; end if;
      return new;
    end $$;
    create constraint trigger trip after insert or update or delete on {table}
      deferrable initially {when} for each row execute function trip();
"""
_NO_TRIPS = "drop function trip() cascade; drop sequence trips"


@contextmanager
def tripping(
    admin: psycopg.Connection[Any],
    table: str,
    times: int,
    *,
    code: str = DEADLOCK,
    at_commit: bool = False,
) -> Generator[None]:
    """The next writes to the table are undone, so many of them, at once or at COMMIT."""
    admin.execute(
        sql.SQL(_TRIPS).format(
            times=times,
            code=sql.Literal(code),
            table=sql.Identifier(table),
            when=sql.SQL("deferred" if at_commit else "immediate"),
        )
    )
    try:
        yield
    finally:
        admin.execute(_NO_TRIPS)


def attempts(admin: psycopg.Connection[Any]) -> int:
    """How many writes came to the table since."""
    row = admin.execute("select last_value - 1 + is_called::int from trips").fetchone()
    assert row is not None
    return row[0]
