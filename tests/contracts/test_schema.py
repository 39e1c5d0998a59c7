"""The schema keeps its rules, and the check that says so sees each fault that there can be."""

from collections.abc import Generator
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import psycopg
import pytest
from psycopg import conninfo

from tenantry.postgres.statement import Statement
from tests.support.database.catalog import FUNCTIONS, REGISTRIES, TENANT_TABLES, faults
from tests.support.database.statements import mismatches, statements
from tests.support.postgres import TestPostgres

# Each fault, as a migration might bring it in, and what the check has to say to it.
PLANTED: dict[str, tuple[LiteralString, str]] = {
    "row security off": (
        "alter table emails disable row level security",
        "emails does not enable row security",
    ),
    "the owner is free": (
        "alter table roles no force row level security",
        "roles does not force row security",
    ),
    "no policy": ("drop policy tenant on events", "events lacks the one policy"),
    "another expression": (
        "alter policy tenant on workspaces"
        " using (org_id = current_setting('tenantry.org_id', true)::uuid or visibility = 'x')",
        "workspaces lacks the one policy",
    ),
    "a check of its own": (
        "alter policy tenant on workspaces with check (true)",
        "workspaces lacks the one policy",
    ),
    "a policy for some alone": (
        "alter policy tenant on workspaces to tenantry_service",
        "workspaces lacks the one policy",
    ),
    "a policy for reading alone": (
        "drop policy tenant on events; create policy tenant on events for select"
        " using (org_id = nullif(current_setting('tenantry.org_id', true), '')::uuid)",
        "events lacks the one policy",
    ),
    "a second policy": (
        "create policy guests on memberships using (status = 'active')",
        "memberships has another policy: guests",
    ),
    "a directory for everybody": (
        "alter policy directory on memberships to public",
        "memberships has another policy: directory",
    ),
    "a tenant table no one knows": (
        "create table notes (org_id uuid primary key)",
        "notes is not listed as a tenant table",
    ),
    "a tenant table without its walls": (
        "create table notes (org_id uuid primary key)",
        "notes does not enable row security",
    ),
    "a table of no one's": (
        "create table notes (id uuid primary key)",
        "notes has no org_id, and is not listed as a registry",
    ),
    "a copy of rows": (
        "create materialized view copies as select org_id, name from organizations",
        "copies does not enable row security",
    ),
    "a partition": (
        "create table parts (org_id uuid not null) partition by hash (org_id);"
        " create table parts_0 partition of parts for values with (modulus 1, remainder 0)",
        "parts_0 does not enable row security",
    ),
    "a tenant table gone": (
        "drop table invitation_workspaces",
        "invitation_workspaces is listed as a tenant table, and is none",
    ),
    "a registry gone": (
        "drop table organization_slugs",
        "organization_slugs is listed as a registry, and is no table",
    ),
    "no tenant": (
        "alter table events drop constraint events_pkey, alter org_id drop not null",
        "events has an org_id that may be null",
    ),
    "no key": ("alter table events drop constraint events_pkey", "events has no primary key"),
    "a key with the id first": (
        "alter table events drop constraint events_pkey, add primary key (id, org_id)",
        "events has a unique index without org_id first: events_pkey",
    ),
    "unique across tenants": (
        "create unique index workspaces_name on workspaces (name)",
        "workspaces has a unique index without org_id first: workspaces_name",
    ),
    "a foreign key by id alone": (
        "alter table roles add unique (id); alter table invitations"
        " add constraint invitations_any_role foreign key (role_id) references roles (id)",
        "invitations has a foreign key without org_id first: invitations_any_role",
    ),
    "a foreign key crosswise": (
        "alter table roles add column parent uuid, add unique (id, org_id); alter table roles"
        " add constraint roles_parent foreign key (org_id, parent) references roles (id, org_id)",
        "roles has a foreign key without org_id first: roles_parent",
    ),
    "what goes leaves a hole": (
        "alter table workspace_memberships add constraint roles_kept foreign key (org_id, role_id)"
        " references roles (org_id, id) on delete set null",
        "workspace_memberships has a foreign key that sets null: roles_kept",
    ),
    "what changes leaves a default": (
        "alter table workspace_memberships add constraint roles_kept foreign key (org_id, role_id)"
        " references roles (org_id, id) on update set default",
        "workspace_memberships has a foreign key that sets null: roles_kept",
    ),
    "a foreign key onto users": (
        "alter table sessions add constraint sessions_user"
        " foreign key (user_id) references users (id)",
        "sessions has a foreign key onto users: sessions_user",
    ),
    "a trigger": (
        "create trigger same before update on users"
        " for each row execute function suppress_redundant_updates_trigger()",
        "users has a trigger: same",
    ),
    "a rule": (
        "create rule silence as on delete to events do instead nothing",
        "events has a rule: silence",
    ),
    "logic in the database": (
        "create function grow() returns int language plpgsql as 'begin return 1; end'",
        "public.grow is a function in plpgsql",
    ),
    "an event trigger": (
        "create function watch() returns event_trigger language plpgsql as 'begin end';"
        " create event trigger watching on ddl_command_start execute function watch()",
        "the database has an event trigger: watching",
    ),
    "no search_path": (
        "alter function directory.authorize reset search_path",
        "directory.authorize does not pin its search_path",
    ),
    "another search_path": (
        "alter function directory.authorize set search_path = pg_temp, public",
        "directory.authorize does not pin its search_path",
    ),
    "a function of the superuser's": (
        "alter function directory.due_emails owner to postgres",
        "directory.due_emails does not belong to the directory",
    ),
    "a function no one knows": (
        "create function directory.everybody() returns setof users language sql security definer"
        " set search_path = public, pg_temp as 'select * from users';"
        " alter function directory.everybody owner to tenantry_directory",
        "directory.everybody looks across tenants, and is not listed",
    ),
    "a function that forgets the disabled": (
        "create or replace function directory.personal_organization(p_user uuid) returns uuid"
        " language sql stable security definer set search_path = public, pg_temp"
        " as 'select org_id from organizations where owner_id = p_user and deleted_at is null'",
        "directory.personal_organization passes over what is deleted, not over what is disabled",
    ),
    "a function gone": (
        "drop function directory.due_emails",
        "directory.due_emails is listed, and does not look across tenants",
    ),
    "a function without its right": (
        "alter function directory.due_emails security invoker",
        "directory.due_emails is listed, and does not look across tenants",
    ),
    "the service owns a table": (
        "alter table emails owner to tenantry_service",
        "tenantry_service owns table emails",
    ),
    "the login owns a table": (
        "alter table emails owner to tenantry",
        "tenantry owns table emails",
    ),
    "the login owns a schema": (
        "create schema mine authorization tenantry",
        "tenantry owns schema mine",
    ),
    "the login is a superuser": ("alter role tenantry superuser", "tenantry is a superuser"),
    "the login is bound by nothing": (
        "alter role tenantry bypassrls",
        "tenantry bypasses row security",
    ),
    "the service is bound by nothing": (
        "alter role tenantry_service bypassrls",
        "tenantry_service bypasses row security",
    ),
    "the login becomes the owner": (
        "grant tenantry_owner to tenantry",
        "tenantry may become tenantry_owner",
    ),
    "the service becomes the directory": (
        "grant tenantry_directory to tenantry_service",
        "tenantry_service may become tenantry_directory",
    ),
    "the directory logs in": (
        "alter role tenantry_directory login",
        "tenantry_directory may log in",
    ),
    "the directory is powerful": (
        "alter role tenantry_directory bypassrls",
        "tenantry_directory has powers of its own",
    ),
    "the directory becomes another": (
        "grant tenantry_service to tenantry_directory",
        "tenantry_directory may become tenantry_service",
    ),
    "the directory writes": (
        "grant update on memberships to tenantry_directory",
        "tenantry_directory may UPDATE on table memberships",
    ),
    "the directory writes a column": (
        "grant update (name) on users to tenantry_directory",
        "tenantry_directory may UPDATE on column users.name",
    ),
    "the directory creates": (
        "grant create on schema directory to tenantry_directory",
        "tenantry_directory may CREATE on schema directory",
    ),
    "everybody reads": (
        "grant select on users to public",
        "everybody may SELECT on table users",
    ),
    "everybody reads a column": (
        "grant select (email) on users to public",
        "everybody may SELECT on column users.email",
    ),
    "everybody asks the directory": (
        "grant execute on function directory.authorize to public",
        "everybody may EXECUTE on function directory.authorize",
    ),
    "everybody asks what is new": (
        "create function directory.newest() returns int language sql as 'select 1'",
        "everybody may EXECUTE on function directory.newest",
    ),
    "everybody creates": (
        "grant create on schema public to public",
        "everybody may CREATE on schema public",
    ),
}


@pytest.fixture(scope="module")
def fresh(postgres: TestPostgres) -> Generator[psycopg.Connection[Any]]:
    """A superuser's connection to a database of its own, all that is done there undone again."""
    name = conninfo.conninfo_to_dict(postgres.fresh_database().owner)["dbname"]
    with postgres.admin(str(name)) as connection:
        yield connection


def test_the_schema_keeps_its_rules(admin: psycopg.Connection[Any]) -> None:
    assert faults(admin) == []


def test_the_lists_of_the_page_were_read(fresh: psycopg.Connection[Any]) -> None:
    assert (len(REGISTRIES), len(TENANT_TABLES), len(FUNCTIONS)) >= (10, 9, 6)
    assert faults(fresh) == []


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_named(fresh: psycopg.Connection[Any], fault: str) -> None:
    planting, sentence = PLANTED[fault]
    with fresh.transaction(force_rollback=True):
        fresh.execute(planting)
        assert sentence in faults(fresh)
    assert faults(fresh) == []


class _Named(NamedTuple):
    id: UUID
    name: str


def test_columns_are_the_fields_of_the_row_type(fresh: psycopg.Connection[Any]) -> None:
    every = statements()
    assert len(every) > 200
    assert mismatches(fresh, every) == []
    unlike = Statement("select id, email from users", _Named)
    by_position = Statement("delete from users returning id, email")
    assert len(mismatches(fresh, [unlike, by_position])) == 2
