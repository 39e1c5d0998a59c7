"""What operators look up by name is found by its registry, however many there are."""

from collections.abc import Generator
from typing import Any

import psycopg
import pytest
from psycopg import conninfo

from tenantry.identity.users import store as users
from tenantry.kit.page import FIRST, LAST
from tenantry.postgres.statement import Statement
from tenantry.tenancy.organizations import operator_store
from tests.support.postgres import TestPostgres

# More than anything else that is looked at: reading them all is conspicuous.
MANY = 2_000
_FILL = f"""
insert into users (id, email, name, created_at, updated_at)
select gen_random_uuid(), 'user-' || n || '@example.com', 'User', now(), now()
  from generate_series(1, {MANY}) n;
insert into email_addresses select email, id from users;
insert into operators select id, now() from users where email = 'user-1@example.com';
insert into sessions (id, user_id, created_at, refreshed_at, expires_at)
select user_id, user_id, now(), now(), now() + interval '1 day' from operators;
create temporary table tenants as
select gen_random_uuid() as org_id, n from generate_series(1, {MANY}) n;
insert into organizations (org_id, name, slug, kind, default_workspace_id, created_at, updated_at)
select org_id, 'Some', 'some-' || n, 'team', org_id, now(), now() from tenants;
insert into organization_slugs select slug, org_id from organizations;
insert into workspaces (org_id, id, name, slug, is_default, created_at, updated_at)
select org_id, org_id, 'Default', 'default', true, now(), now() from tenants;
"""
_READ = """
    select coalesce(sum(seq_tup_read + idx_tup_fetch), 0) from pg_stat_xact_user_tables
     where schemaname = 'public' and relname in ('users', 'organizations')
"""


@pytest.fixture(scope="module")
def many(postgres: TestPostgres) -> Generator[tuple[psycopg.Connection[Any], Any]]:
    """The service's own connection, where there are many; and the operator's id."""
    connections = postgres.fresh_database()
    database = str(conninfo.conninfo_to_dict(connections.service)["dbname"])
    with postgres.admin(database) as admin:
        with admin.transaction():
            admin.execute(_FILL.encode())
        admin.execute("analyze")
        (operator_id,) = admin.execute("select user_id from operators").fetchall()[0]
    with psycopg.connect(connections.service, autocommit=True) as service:
        service.execute("set plan_cache_mode = force_generic_plan")
        yield service, operator_id


def looked_at(service: psycopg.Connection[Any], statement: Statement, values: list[Any]) -> int:
    """How many users and organizations a statement reads to find exactly one."""
    shown = ", ".join("null" if value is None else f"'{value}'" for value in values)
    service.execute(f"prepare looking as {statement.sql}".encode())
    try:
        with service.transaction():
            assert len(service.execute(f"execute looking({shown})".encode()).fetchall()) == 1
            return service.execute(_READ).fetchall()[0][0]
    finally:
        service.execute("deallocate looking")


def test_a_user_is_found_by_address_without_reading_the_others(
    many: tuple[psycopg.Connection[Any], Any],
) -> None:
    """Fails while one statement serves lists with and without an address."""
    service, _ = many
    values = ["user-1999@example.com", FIRST, LAST, 21]
    assert 0 < looked_at(service, users.LIST_OF_ADDRESS.ascending, values) < 10


def test_an_organization_is_found_by_slug_without_reading_the_others(
    many: tuple[psycopg.Connection[Any], Any],
) -> None:
    """Fails while the list of all is searched for the slug."""
    service, operator_id = many
    values = [operator_id, operator_id, None, "some-1999", FIRST, LAST, 21]
    assert 0 < looked_at(service, operator_store.LIST_OF_SLUG.ascending, values) < 10
