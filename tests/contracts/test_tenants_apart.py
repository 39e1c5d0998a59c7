"""Even to raw SQL of the service, and to a superuser's pen, tenants stay apart."""

from collections.abc import Generator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import errors, sql

from tenantry.cli.provision import SERVICE
from tests.support.database.catalog import TENANT_TABLES
from tests.support.postgres import TestPostgres
from tests.support.scenarios.populated import Populated

Connection = psycopg.Connection[Any]

# One column behind `org_id` in each composite key: what it names, and whose it must be.
_KEYS: LiteralString = """
    select c.conrelid::regclass::text, here.attname, c.confrelid::regclass::text, there.attname
      from pg_constraint c
      join pg_attribute here on here.attrelid = c.conrelid and here.attnum = c.conkey[2]
      join pg_attribute there on there.attrelid = c.confrelid and there.attnum = c.confkey[2]
     where c.contype = 'f' and c.conrelid::regclass::text = any(%s)
     order by 1, 2
"""
# The population leaves these empty, in one organization or the other.
_FURNISH: LiteralString = """
    insert into emails (org_id, id, recipient, state, next_attempt_at, created_at)
      select %(bobs)s, gen_random_uuid(), 'x@example.com', 'sent', now(), now();
    insert into invitations (org_id, id, email, role_id, invited_by, email_id, expires_at,
                             created_at, updated_at)
      select %(bobs)s, gen_random_uuid(), 'x@example.com', r.id, gen_random_uuid(), l.id, now(),
             now(), now()
        from roles r join emails l on l.org_id = r.org_id
       where r.org_id = %(bobs)s and r.key = 'viewer' limit 1;
    insert into invitation_workspaces (org_id, invitation_id, workspace_id, role_id)
      select i.org_id, i.id, w.id, i.role_id
        from invitations i join workspaces w on w.org_id = i.org_id and w.is_default
       where i.org_id in (%(acme)s, %(bobs)s) on conflict do nothing;
    insert into service_accounts (org_id, id, name, role_id, workspace_id, created_at, updated_at)
      select w.org_id, gen_random_uuid(), 'Robot', r.id, w.id, now(), now()
        from roles r join workspaces w on w.org_id = r.org_id and w.is_default
       where r.org_id = %(bobs)s and r.key = 'viewer';
    insert into api_keys (org_id, id, name, service_account_id, hint, created_at, updated_at)
      select org_id, gen_random_uuid(), 'Nightly', id, 'tnt_sk_…', now(), now()
        from service_accounts where org_id = %(bobs)s;
    insert into api_keys (org_id, id, name, membership_id, role_id, workspace_id, hint, created_at,
                          updated_at)
      select a.org_id, gen_random_uuid(), 'Deploy', m.id, a.role_id, a.workspace_id, 'tnt_sk_…',
             now(), now()
        from service_accounts a join memberships m on m.org_id = a.org_id
       where a.org_id = %(bobs)s limit 1;
"""


@pytest.fixture(scope="module")
def furnished(own: Populated) -> Populated:
    """Both organizations have rows in every table."""
    with psycopg.ClientCursor(own.admin) as cursor:
        cursor.execute(_FURNISH, own.names)
    return own


@pytest.fixture
def pen(furnished: Populated) -> Generator[Connection]:
    """A superuser's hand, whom row security does not bind; all that it does is undone."""
    with furnished.admin.transaction(force_rollback=True):
        yield furnished.admin


@pytest.fixture
def service(postgres: TestPostgres, furnished: Populated) -> Generator[Connection]:
    """The service's own login; all that it does is undone."""
    with psycopg.connect(postgres.server.dsn(SERVICE, furnished.admin.info.dbname)) as connection:
        yield connection
        connection.rollback()


def statement(template: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(template).format(*map(sql.Identifier, names))


def set_tenant(service: Connection, org_id: object) -> None:
    service.execute("select set_config('tenantry.org_id', %s, true)", [str(org_id)])


def row_of(own: Populated, table: str, org: str) -> str:
    """A row of an organization, as JSON."""
    found = own.admin.execute(
        statement("select to_jsonb(t)::text from {} t where org_id = %s limit 1", table),
        [own.names[org]],
    ).fetchone()
    assert found is not None, f"{org} has nothing in {table}"
    return found[0]


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_without_a_tenant_no_row_is_seen(
    service: Connection, furnished: Populated, table: str
) -> None:
    assert row_of(furnished, table, "acme")
    assert service.execute(statement("select * from {}", table)).fetchall() == []


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_with_a_tenant_its_own_rows_are_seen_alone(
    service: Connection, furnished: Populated, table: str
) -> None:
    set_tenant(service, furnished.names["acme"])
    seen = service.execute(statement("select distinct org_id from {}", table)).fetchall()
    assert seen == [(furnished.names["acme"],)]


@pytest.mark.parametrize("tenant", ["bobs", None])
@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_row_of_another_tenant_cannot_be_written(
    service: Connection, furnished: Populated, table: str, tenant: str | None
) -> None:
    if tenant is not None:
        set_tenant(service, furnished.names[tenant])
    insert = statement("insert into {0} select (jsonb_populate_record(null::{0}, %s)).*", table)
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        service.execute(insert, [row_of(furnished, table, "acme")])


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_row_cannot_be_moved_to_another_tenant(
    service: Connection, furnished: Populated, table: str
) -> None:
    set_tenant(service, furnished.names["bobs"])
    with pytest.raises(errors.InsufficientPrivilege):
        service.execute(statement("update {} set org_id = %s", table), [furnished.names["acme"]])


@pytest.mark.parametrize("table", sorted({*TENANT_TABLES} - {"events"}))
def test_rows_of_another_tenant_cannot_be_changed_nor_deleted(
    service: Connection, furnished: Populated, table: str
) -> None:
    set_tenant(service, furnished.names["bobs"])
    acme = [furnished.names["acme"]]
    changed = service.execute(
        statement("update {} set org_id = org_id where org_id = %s", table), acme
    )
    deleted = service.execute(statement("delete from {} where org_id = %s", table), acme)
    assert (changed.rowcount, deleted.rowcount) == (0, 0)


@pytest.mark.parametrize("column", ["action", "actor_id", "occurred_at", "request_id"])
def test_what_happened_cannot_be_rewritten(
    service: Connection, furnished: Populated, column: str
) -> None:
    set_tenant(service, furnished.names["acme"])
    with pytest.raises(errors.InsufficientPrivilege):
        service.execute(statement("update events set {} = {}", column, column))


def test_events_of_another_tenant_cannot_be_taken_away(
    service: Connection, furnished: Populated
) -> None:
    set_tenant(service, furnished.names["bobs"])
    deleted = service.execute("delete from events where org_id = %s", [furnished.names["acme"]])
    assert deleted.rowcount == 0


def test_no_key_reaches_into_another_tenant_whoever_writes_it(
    pen: Connection, furnished: Populated
) -> None:
    """As a superuser: row security is out of the way, and the composite keys stand alone.

    A column that is empty in one row is tried where it is filled, lest a check speak first.
    """
    keys = pen.execute(_KEYS, [TENANT_TABLES]).fetchall()
    assert len(keys) >= 10
    pen.execute("set constraints all immediate")
    for table, column, target, named in keys:
        change = statement(
            "update {} set {} = (select {} from {} where org_id = %(bobs)s limit 1)"
            " where ctid = (select min(ctid) from {} where org_id = %(acme)s and {} is not null)",
            *(table, column, named, target, table, column),
        )
        with pytest.raises(errors.ForeignKeyViolation), pen.transaction():
            pen.execute(change, furnished.names)
