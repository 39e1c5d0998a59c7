"""Lists of members read indexes in the order of the page, and no more of them than it needs."""

from collections.abc import Generator, Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import conninfo

from tenantry.kit.ids import new_id
from tenantry.kit.page import FIRST, LAST
from tenantry.memberships import store
from tests.postgres import TestPostgres

LIMIT = 21

_FILL = """
create temporary table tenants as
select gen_random_uuid() as org_id, n from generate_series(1, 400) n;
insert into organizations (org_id, name, slug, kind, default_workspace_id, created_at, updated_at)
select org_id, 'Some', 'some-' || n, 'team', org_id, now(), now() from tenants;
insert into roles (org_id, id, key, name, permissions, is_default, created_at, updated_at)
select org_id, gen_random_uuid(), key, initcap(key), '{}', true, now(), now()
  from tenants, unnest(array['admin', 'developer', 'viewer']) key;
insert into workspaces (org_id, id, name, slug, is_default, created_at, updated_at)
select org_id, org_id, 'Default', 'default', true, now(), now() from tenants;
insert into users (id, email, name, created_at, updated_at)
select gen_random_uuid(), 'user-' || n || '@example.com', 'User', now(), now()
  from generate_series(1, 100000) n;
insert into emails select email, id from users;
insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
select t.org_id, gen_random_uuid(), u.id, r.id, now(), now()
  from users u
  join tenants t on t.n = 1
  join roles r on r.org_id = t.org_id
   and r.key = case when u.email like '%9@%' then 'developer' else 'viewer' end;
insert into workspace_memberships (org_id, workspace_id, membership_id, role_id, created_at)
select org_id, org_id, id, role_id, now() from memberships
"""


@pytest.fixture(scope="module")
def tenant(postgres: TestPostgres) -> Generator[tuple[psycopg.Connection[Any], UUID]]:
    """The service's own connection to an organization of 100,000 members."""
    connections = postgres.fresh_database()
    database = str(conninfo.conninfo_to_dict(connections.service)["dbname"])
    with postgres.admin(database) as admin:
        with admin.transaction():
            admin.execute(_FILL.encode())
        admin.execute("analyze")
        (org_id,) = admin.execute("select org_id from tenants where n = 1").fetchall()[0]
    with psycopg.connect(connections.service, autocommit=True) as service:
        service.execute("select set_config('tenantry.org_id', %s, false)", [str(org_id)])
        yield service, org_id


# The few roles of one member, or of one organization, may be gathered from their index first.
BY_INDEX = ("Index Scan", "Index Only Scan", "Bitmap Heap Scan")
A_PAGES_WORTH = 20 * LIMIT
PLACES = {"first": FIRST, "far": UUID("f0000000-0000-4000-8000-000000000000")}
FILTERS: dict[str, list[str | None]] = {
    "none": [],
    "role": ["developer", None],
    "email": [None, None, "user-17009@example.com"],
}


@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("descending", [False, True])
def test_a_page_of_members_costs_the_same_wherever_it_lies(
    tenant: tuple[psycopg.Connection[Any], UUID], name: str, descending: bool, place: str, mode: str
) -> None:
    """Fails for the filters once one statement serves all of them, which walks through everybody as
    soon as its plan is a generic one: tried."""
    service, org_id = tenant
    lists = store.LISTS_DESCENDING if descending else store.LISTS
    low, high = (FIRST, LAST) if place == "first" else (PLACES[place], LAST)
    values = [org_id, new_id(), low, high, LIMIT, *FILTERS[name]]
    nodes = list(_nodes(_plan(service, lists[name].sql, values, mode)))

    scans = [node for node in nodes if "Relation Name" in node]
    assert not [node for node in scans if node["Node Type"] not in BY_INDEX]
    assert {node["Relation Name"] for node in scans} >= {"memberships", "users", "roles"}
    assert [node for node in scans if _touched(node) > A_PAGES_WORTH] == []


def _plan(service: psycopg.Connection[Any], sql: str, values: list[Any], mode: str) -> Any:
    shown = ", ".join("null" if value is None else f"'{value}'" for value in values)
    service.execute(f"set plan_cache_mode = {mode}".encode())
    service.execute(f"prepare listing as {sql}".encode())
    try:
        explain = f"explain (analyze, timing off, format json) execute listing({shown})"
        return service.execute(explain.encode()).fetchall()[0][0][0]["Plan"]
    finally:
        service.execute("deallocate listing")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


def _touched(node: dict[str, Any]) -> float:
    """How many rows a node looked at, whether it kept them or not."""
    return (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
