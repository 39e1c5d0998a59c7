"""What PostgreSQL does for a statement of ours: its plan, and how many rows each scan looks at."""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

MODES = ("force_generic_plan", "force_custom_plan")
# What a page needs may be gathered from an index first, where it is little.
BY_INDEX = ("Index Scan", "Index Only Scan", "Bitmap Heap Scan")

Scan = dict[str, Any]


def scans(
    service: psycopg.Connection[Any], sql: str, values: Sequence[Any], mode: str
) -> list[Scan]:
    """Each scan of a table in the plan of a statement, as it was carried out."""
    plan = _plan(service, sql, values, mode)
    return [node for node in _nodes(plan) if "Relation Name" in node]


def touched(scan: Scan) -> float:
    """How many rows a scan looked at, whether it kept them or not."""
    return (scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) * scan["Actual Loops"]


def _plan(service: psycopg.Connection[Any], sql: str, values: Sequence[Any], mode: str) -> Any:
    shown = ", ".join("null" if value is None else f"'{value}'" for value in values)
    service.execute(f"set plan_cache_mode = {mode}".encode())
    service.execute(f"prepare listing as {sql}".encode())
    try:
        explain = f"explain (analyze, timing off, format json) execute listing({shown})"
        return service.execute(explain.encode()).fetchall()[0][0][0]["Plan"]
    finally:
        service.execute("deallocate listing")


def _nodes(plan: dict[str, Any]) -> Iterator[Scan]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)
