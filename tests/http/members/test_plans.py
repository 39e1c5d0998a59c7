"""Lists of members read indexes in the order of the page, and no more of them than it needs."""

from collections.abc import Generator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import conninfo

from tenantry.kit.ids import new_id
from tenantry.kit.page import FIRST, LAST
from tenantry.tenancy.memberships import store
from tests.support.database.plans import BY_INDEX, MODES, scans, touched
from tests.support.postgres import TestPostgres

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
insert into email_addresses select email, id from users;
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


A_PAGES_WORTH = 20 * LIMIT
PLACES = {"first": FIRST, "far": UUID("f0000000-0000-4000-8000-000000000000")}
FILTERS: dict[str, list[str | None]] = {
    "none": [],
    "role": ["developer", None],
    "email": [None, None, "user-17009@example.com"],
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("descending", [False, True])
def test_a_page_of_members_costs_the_same_wherever_it_lies(
    tenant: tuple[psycopg.Connection[Any], UUID], name: str, descending: bool, place: str, mode: str
) -> None:
    """Fails for the filters once one statement serves all of them, which walks through everybody as
    soon as its plan is a generic one: tried."""
    service, org_id = tenant
    lists = store.LISTS[name].for_person
    statement = lists.descending if descending else lists.ascending
    low, high = (FIRST, LAST) if place == "first" else (PLACES[place], LAST)
    values = [org_id, new_id(), *FILTERS[name], low, high, LIMIT]
    found = scans(service, statement.sql, values, mode)

    assert not [scan for scan in found if scan["Node Type"] not in BY_INDEX]
    assert {scan["Relation Name"] for scan in found} >= {"memberships", "users", "roles"}
    assert [scan for scan in found if touched(scan) > A_PAGES_WORTH] == []
