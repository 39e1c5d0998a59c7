"""Lists of events read an index in the order of the page, and no more of it than the page needs."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import conninfo

from tenantry.kit.page import FIRST, LAST
from tenantry.platform.audit import store
from tests.support.database.plans import BY_INDEX, MODES, scans, touched
from tests.support.postgres import TestPostgres

LIMIT = 21
RARE, NEVER = "role.created", "organization.exploded"
# Of 100,000 events every thousandth is rare, and every fifth is about a private workspace.
# To PostgreSQL it looks as if there were a single action, so that none is worth an index.
_FILL = """
alter table events alter column action set (n_distinct = 1);
create temporary table tenants as
select gen_random_uuid() as org_id, n from generate_series(1, 50) n;
insert into organizations (org_id, name, slug, kind, default_workspace_id, created_at, updated_at)
select org_id, 'Some', 'some-' || n, 'team', org_id, now(), now() from tenants;
insert into workspaces (org_id, id, name, slug, is_default, created_at, updated_at)
select org_id, org_id, 'Default', 'default', true, now(), now() from tenants;
insert into workspaces (org_id, id, name, slug, visibility, created_at, updated_at)
select org_id, gen_random_uuid(), 'Vault', 'vault', 'private', now(), now() from tenants;
insert into roles (org_id, id, key, name, permissions, is_default, created_at, updated_at)
select org_id, gen_random_uuid(), key, initcap(key), '{}', true, now(), now()
  from tenants, unnest(array['admin', 'viewer']) key;
insert into users (id, email, name, created_at, updated_at)
select gen_random_uuid(), key || '@example.com', key, now(), now()
  from unnest(array['admin', 'viewer']) key;
insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
select t.org_id, gen_random_uuid(), u.id, r.id, now(), now()
  from tenants t join roles r on r.org_id = t.org_id join users u on u.name = r.key;
insert into events (org_id, id, action, actor_type, actor_name, targets, changes, occurred_at,
                    workspace_id)
select t.org_id, gen_random_uuid(),
       case when s.n % 1000 = 0 then 'role.created' when s.n % 5 = 1 then 'workspace.updated'
            else 'member.updated' end,
       'user', 'Alice', '[]', '[]', now(),
       case when s.n % 5 = 1 then w.id end
  from tenants t join workspaces w on w.org_id = t.org_id and w.visibility = 'private'
 cross join generate_series(1, case when t.n = 1 then 100000 else 100 end) s (n)
"""


@dataclass(frozen=True)
class Archive:
    """An organization of 100,000 events, seen as its tenant."""

    service: psycopg.Connection[Any]
    org_id: UUID
    readers: dict[str, UUID]
    """By their role."""

    def scans(self, sql: str, role: str, mode: str, *values: Any) -> list[dict[str, Any]]:
        """What is read for somebody's list."""
        return scans(self.service, sql, [self.org_id, self.readers[role], *values], mode)


@pytest.fixture(scope="module")
def archive(postgres: TestPostgres) -> Generator[Archive]:
    connections = postgres.fresh_database()
    database = str(conninfo.conninfo_to_dict(connections.service)["dbname"])
    with postgres.admin(database) as admin:
        with admin.transaction():
            admin.execute(_FILL.encode())
        admin.execute("vacuum analyze")
        (org_id,) = admin.execute("select org_id from tenants where n = 1").fetchall()[0]
        people = admin.execute("select name, id from users").fetchall()
    with psycopg.connect(connections.service, autocommit=True) as service:
        service.execute("select set_config('tenantry.org_id', %s, false)", [str(org_id)])
        yield Archive(service, org_id, dict(people))


PLACES = {"first": FIRST, "far": UUID("f0000000-0000-4000-8000-000000000000")}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("action", [None, RARE, NEVER])
@pytest.mark.parametrize("role", ["admin", "viewer"])
@pytest.mark.parametrize("ascending", [True, False])
def test_a_page_of_events_costs_the_same_wherever_it_lies_and_whatever_it_asks_for(
    archive: Archive, ascending: bool, role: str, action: str | None, place: str, mode: str
) -> None:
    """Fails for an action while no index has it: all events of the organization are read."""
    lists = (store.LIST if action is None else store.LIST_OF_ACTION).for_person
    statement = lists.ascending if ascending else lists.descending
    chosen = [] if action is None else [action]
    found = archive.scans(statement.sql, role, mode, *chosen, PLACES[place], LAST, LIMIT)

    of_events = [scan for scan in found if scan["Relation Name"] == "events"]
    assert of_events
    assert not [scan for scan in of_events if scan["Node Type"] not in BY_INDEX]
    assert [scan for scan in of_events if touched(scan) > 3 * LIMIT] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ["admin", "viewer"])
def test_events_of_an_action_are_counted_by_themselves(
    archive: Archive, role: str, mode: str
) -> None:
    """Fails while no index has the action: all events of the organization are read."""
    statement = store.COUNT_OF_ACTION.for_person
    found = archive.scans(statement.sql, role, mode, 10_000, RARE, FIRST, LAST)
    of_events = [scan for scan in found if scan["Relation Name"] == "events"]
    assert 0 < sum(map(touched, of_events)) <= 100
