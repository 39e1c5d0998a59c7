"""Fill a peer's database with the data set: a few statements, a few seconds."""

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
)  # fmt: skip
from bench.postgres import Postgres

_HERE = Path(__file__).parent

PEOPLE = f"""
insert into users (id, email, name)
select pg_temp.id_of({USER}, n), 'user-' || n || '@example.com', 'User ' || n
from generate_series(0, {USERS - 1}) n;

insert into sessions (id, user_id, expires_at)
select pg_temp.id_of({SESSION}, n), pg_temp.id_of({USER}, n), now() + interval '30 days'
from generate_series(0, {USERS - 1}) n;

insert into organizations (id, name, slug, default_workspace_id)
select pg_temp.id_of({ORGANIZATION}, n), 'Organization ' || n, 'organization-' || n,
    pg_temp.id_of({WORKSPACE}, n * {WORKSPACES})
from generate_series(0, {USERS - 1}) n;
"""

ROOMS = f"""
insert into workspaces (organization_id, id, name, slug, is_default)
select pg_temp.id_of({ORGANIZATION}, n), pg_temp.id_of({WORKSPACE}, n * {WORKSPACES} + k),
    'Workspace ' || k, 'workspace-' || k, k = 0
from generate_series(0, {USERS - 1}) n, generate_series(0, {WORKSPACES - 1}) k;
"""

ROLE_ROWS = f"""
insert into roles (organization_id, id, key, name, permissions)
select pg_temp.id_of({ORGANIZATION}, n), pg_temp.id_of({ROLE}, n * 3 + %(number)s),
    %(key)s, initcap(%(key)s), %(permissions)s
from generate_series(0, {USERS - 1}) n
"""

SEATS = f"""
insert into memberships (organization_id, id, user_id, role_id)
select pg_temp.id_of({ORGANIZATION}, org), pg_temp.id_of({MEMBERSHIP}, n * {MEMBERSHIPS} + k),
    pg_temp.id_of({USER}, n), pg_temp.id_of({ROLE}, org * 3 + case k when 0 then 0 else 1 end)
from generate_series(0, {USERS - 1}) n, generate_series(0, {MEMBERSHIPS - 1}) k,
    lateral (select (n + k * {STRIDE}) % {USERS} as org) at
"""


def fill(connection: psycopg.Connection) -> None:
    """Insert the whole population in one transaction."""
    with connection.transaction():
        connection.execute(ID_OF)
        connection.execute(PEOPLE)
        connection.execute(ROOMS)
        for number, (key, permissions) in enumerate(ROLES.items()):
            values = {"number": number, "key": key, "permissions": permissions}
            connection.execute(ROLE_ROWS, values)
        connection.execute(SEATS)


def seed(server: Postgres, database: str) -> None:
    """Make and fill the database of one peer; the limit gets its walls as well."""
    server.run(f"create database {database}")
    server.run((_HERE / "schema.sql").read_text(), database)
    with psycopg.connect(server.dsn(database=database)) as connection:
        fill(connection)
    if database == "limit_peer":
        server.run((_HERE / "limit.sql").read_text(), database)
    else:
        server.run("create unique index organizations_slug on organizations (slug)", database)
    server.run("vacuum analyze", database)
