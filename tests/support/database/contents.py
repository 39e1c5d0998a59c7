"""What is in the database, in short, to be compared with what is in it later."""

from typing import Any

from tests.support.scene import Scene

# Something is written here at any time: the worker sends emails, and uses of keys are noted.
_COUNTED = ("emails", "account_emails")
_READ = {"api_keys": "last_used_at", "service_keys": "last_used_at"}


def contents(scene: Scene) -> dict[str, Any]:
    """What lies in every table, in short, to be compared with what lies there later: how many rows,
    and the sum of the numbers of the transactions that wrote them. Who writes a row comes after who
    wrote it before, so with as many rows the sum has grown, and no row need be read.

    Counts of rates are left out, since they are swept at any time.
    """
    tables = scene.admin.execute(
        "select tablename from pg_tables where schemaname = 'public'"
        " and tablename <> 'rate_counts' order by 1"
    ).fetchall()
    query = " union all ".join(
        f"select '{table}', count(*), {_writers(table)} from {table} x" for (table,) in tables
    )
    return {table: rest for table, *rest in scene.admin.execute(query.encode()).fetchall()}


def _writers(table: str) -> str:
    if table in _COUNTED:
        return "''"
    if table in _READ:
        row = f"(to_jsonb(x) - '{_READ[table]}')::text"
        return f"md5(string_agg({row}, '' order by {row}))"
    return "sum(x.xmin::text::bigint)::text"
