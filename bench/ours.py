"""Our service under test: its schema, the same data set, and `tenantry serve` as it is deployed."""

import base64
import secrets
from pathlib import Path

import psycopg

from bench.population import (
    ID_OF,
    MEMBERSHIP,
    MEMBERSHIPS,
    ORGANIZATION,
    ROLE,
    ROLES,
    SESSION,
    STRIDE,
    USER,
    USERS,
    WORKSPACE,
    WORKSPACES,
)
from bench.postgres import Postgres
from bench.services import ROOT, Service, free_port, spawn, wait_until
from bench.tokens import BASE_URL, Issuer
from tenantry.kit.ids import Kind, show
from tenantry.schema import SERVICE_ROLE

PEOPLE = f"""
insert into users (id, email, email_verified_at, name, created_at, updated_at)
select pg_temp.id_of({USER}, n), 'user-' || n || '@example.com', now(), 'User ' || n, now(), now()
from generate_series(0, {USERS - 1}) n;

insert into email_addresses select email, id from users;

insert into sessions (id, user_id, created_at, refreshed_at, expires_at)
select pg_temp.id_of({SESSION}, n), pg_temp.id_of({USER}, n), now(), now(), now() + interval '30 d'
from generate_series(0, {USERS - 1}) n;
"""

ORGANIZATIONS = f"""
insert into organizations
    (org_id, name, slug, kind, default_workspace_id, owner_id, created_at, updated_at)
select pg_temp.id_of({ORGANIZATION}, n), 'Organization ' || n, 'organization-' || n, 'personal',
    pg_temp.id_of({WORKSPACE}, n * {WORKSPACES}), pg_temp.id_of({USER}, n), now(), now()
from generate_series(0, {USERS - 1}) n;

insert into organization_slugs select slug, org_id from organizations;

insert into workspaces (org_id, id, name, slug, is_default, created_at, updated_at)
select pg_temp.id_of({ORGANIZATION}, n), pg_temp.id_of({WORKSPACE}, n * {WORKSPACES} + k),
    'Workspace ' || k, 'workspace-' || k, k = 0, now(), now()
from generate_series(0, {USERS - 1}) n, generate_series(0, {WORKSPACES - 1}) k;
"""

ROLE_ROWS = f"""
insert into roles (org_id, id, key, name, permissions, is_default, created_at, updated_at)
select pg_temp.id_of({ORGANIZATION}, n), pg_temp.id_of({ROLE}, n * 3 + %(number)s),
    %(key)s::text, initcap(%(key)s::text), %(permissions)s, true, now(), now()
from generate_series(0, {USERS - 1}) n
"""

SEATS = f"""
insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
select pg_temp.id_of({ORGANIZATION}, org), pg_temp.id_of({MEMBERSHIP}, n * {MEMBERSHIPS} + k),
    pg_temp.id_of({USER}, n), pg_temp.id_of({ROLE}, org * 3 + case k when 0 then 0 else 1 end),
    now(), now()
from generate_series(0, {USERS - 1}) n, generate_series(0, {MEMBERSHIPS - 1}) k,
    lateral (select (n + k * {STRIDE}) % {USERS} as org) at
"""

KINDS = {
    USER: Kind.USER,
    SESSION: Kind.SESSION,
    ORGANIZATION: Kind.ORGANIZATION,
    WORKSPACE: Kind.WORKSPACE,
}


def fill(connection: psycopg.Connection) -> None:
    """Insert the population as a superuser, whom row security does not bind, in one transaction."""
    with connection.transaction():
        connection.execute(ID_OF)
        connection.execute(PEOPLE)
        connection.execute(ORGANIZATIONS)
        for number, (key, permissions) in enumerate(ROLES.items()):
            values = {"number": number, "key": key, "permissions": permissions}
            connection.execute(ROLE_ROWS, values)
        connection.execute(SEATS)


FILL = "import sys, psycopg, bench.ours; bench.ours.fill(psycopg.connect(sys.argv[1]))"


def seed(server: Postgres, name: str, root: Path) -> str:
    """A database of a checkout: its migrations, the data, a login that owns nothing.

    Database and login are both called `name`. The URL of the owner. The checkout fills its own
    tables, whose names may have changed since.
    """
    server.run(f"create database {name}")
    owner = server.dsn(database=name)
    migration = spawn(["-m", "tenantry", "migrate"], root, TENANTRY_MIGRATION_DATABASE_URL=owner)
    if migration.wait():
        raise SystemExit(f"{name}: the migrations ended with {migration.returncode}")
    server.run(f"create role {name} login in role {SERVICE_ROLE}")
    if spawn(["-c", FILL, owner], root).wait():
        raise SystemExit(f"{name}: the data could not be inserted")
    server.run("vacuum analyze", name)
    return owner


def environment(login: str, owner: str, issuer: Issuer, port: int, mail: int) -> dict[str, str]:
    """What `serve` wants to know; rate limits are off: all callers share one address. What a
    caller may make is counted as ever, and none of the 200 comes to the end of it."""
    return {
        "DATABASE_URL": login,
        "TENANTRY_MIGRATION_DATABASE_URL": owner,
        "TENANTRY_BASE_URL": BASE_URL,
        "TENANTRY_AUDIENCES": "https://invoices.bench.example",
        "TENANTRY_SIGNING_KEYS": issuer.pem,
        "TENANTRY_SECRET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "TENANTRY_SMTP_URL": f"smtp://127.0.0.1:{mail}",
        "TENANTRY_MAIL_FROM": "Bench <bench@example.com>",
        "TENANTRY_RATE_LIMITS": "off",
        "TENANTRY_LIMIT_ORGANIZATIONS_PER_USER": "1000000",
        "TENANTRY_LOG_LEVEL": "warning",  # the peers write no line a request either
        "TENANTRY_PORT": str(port),
    }


def start(server: Postgres, issuer: Issuer, name: str = "ours", root: Path = ROOT) -> Service:
    """`tenantry serve` of a checkout with one worker, and a sink for its emails."""
    owner = seed(server, name, root)
    port, mail = free_port(), free_port()
    sink = spawn(["-m", "bench.sink", str(mail)])
    values = environment(server.dsn(name, name), owner, issuer, port, mail)
    process = spawn(["-m", "tenantry", "serve"], root, **values)
    service = Service(name, port, process, lambda kind, id: show(KINDS[kind], id), [sink])
    wait_until(service, "/readyz", {200})
    return service
