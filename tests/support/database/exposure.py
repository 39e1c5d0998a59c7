"""What lies open in the database: secrets that can be read, rows that another tenant is shown."""

from collections.abc import Iterable
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tenantry.schema import SERVICE_ROLE

_REGISTRIES = ["organization_slugs", "invitation_tokens", "api_key_secrets", "mentions"]

_COLUMNS = """
    select c.relname, a.attname, t.typname
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
     where c.relkind in ('r', 'p', 'm') and n.nspname = 'public'
       and t.typcategory in ('S', 'A', 'U') and t.typname <> 'uuid'
     order by c.relname, a.attnum
"""
_TENANT_TABLES = """
    select c.relname
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
     where c.relkind in ('r', 'p') and n.nspname = 'public' and c.relname <> all(%s)
     order by c.relname
"""
_SERVICE_ROLES = """
    select rolname from pg_roles where not rolsuper and pg_has_role(oid, %s, 'usage')
"""
# Two tenants are enough to see a policy that lets one see another; none at all must see nothing.
_TENANTS = """
    (select org_id::text from organizations order by org_id limit 1) union all
    (select org_id::text from organizations order by org_id desc limit 1) union all select ''
"""

# A JWT; or 43 emails of base64url with capitals, small emails and digits among them: 256 bits;
# or a bearer key.
_TOKEN = (
    r"eyJ[\w-]{8,}\.eyJ[\w-]+\.|(?<![\w-])(?=[a-zA-Z_-]{0,42}\d)(?=[a-z\d_-]{0,42}[A-Z])"
    r"(?=[A-Z\d_-]{0,42}[a-z])[\w-]{43}(?![\w-])|tnt_(sk|service)_[0-9A-Za-z]{49}"
)
# What every token matches, and little else: this one is fast.
_PERHAPS = r"eyJ|[\w-]{43}"
# How a text would lie in a column of this type, and how the column's own content is read.
_ESCAPED: LiteralString = "substr(to_json(s)::text, 2, length(to_json(s)::text) - 2)"
_FORMS: dict[str, tuple[LiteralString, LiteralString]] = {
    "bytea": ("encode(convert_to(s, 'UTF8'), 'escape')", "encode({}, 'escape')"),
    "json": (_ESCAPED, "{}::text"),
    "jsonb": (_ESCAPED, "{}::text"),
    "_text": (_ESCAPED, "to_json({})::text"),
}
_PLAIN: tuple[LiteralString, LiteralString] = ("s", "{}::text")


def readable_secrets(
    admin: psycopg.Connection[Any], secrets: Iterable[str], since: int = 0
) -> list[str]:
    """Columns in which a known secret lies, or anything that has the form of one (I10), in rows
    that the transaction `since` wrote, or a later one."""
    sought: dict[str, Any] = {
        "known": list(secrets),
        "perhaps": _PERHAPS,
        "token": _TOKEN,
        "since": since,
    }
    if not all(sought["known"]):
        raise ValueError("an empty secret lies everywhere")
    found = [
        f"I10 a secret can be read in {table}.{column}"
        for table, column, kind in admin.execute(_COLUMNS).fetchall()
        if admin.execute(_search(table, column, kind), sought).fetchone()
    ]
    plain = admin.execute(r"select id from users where password_hash !~ '^\$argon2id\$'")
    return [*found, *(f"I10 a password is not hashed: {user}" for (user,) in plain.fetchall())]


def _search(table: str, column: str, kind: str) -> sql.Composed:
    needle, content = _FORMS.get(kind, _PLAIN)
    # An Argon2 hash has the form of a token, and is none.
    shaped = (
        "false" if column == "password_hash" else "content ~ %(perhaps)s and content ~ %(token)s"
    )
    return sql.SQL(
        f"select true from (select {content} as content from {{}} x"
        " where x.xmin::text::bigint >= %(since)s) rows"
        f" where {shaped} or exists (select from unnest(%(known)s::text[]) s"
        f" where strpos(content, {needle}) > 0) limit 1"
    ).format(sql.Identifier(column), sql.Identifier(table))


def foreign_rows(admin: psycopg.Connection[Any]) -> list[str]:
    """Tables that show the service a row of a tenant that is not set (I11)."""
    tables = [table for (table,) in admin.execute(_TENANT_TABLES, [_REGISTRIES]).fetchall()]
    roles = [role for (role,) in admin.execute(_SERVICE_ROLES, [SERVICE_ROLE]).fetchall()]
    tenants = [tenant for (tenant,) in admin.execute(_TENANTS).fetchall()]
    seen = set[tuple[str, str]]()
    for role in roles:
        with admin.transaction(force_rollback=True):
            admin.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            for tenant in tenants:
                admin.execute("select set_config('tenantry.org_id', %s, true)", [tenant])
                seen.update((role, table) for table in tables if _shows_foreign(admin, table))
    return [f"I11 {role} sees foreign rows of {table}" for role, table in sorted(seen)]


def _shows_foreign(connection: psycopg.Connection[Any], table: str) -> bool:
    query = sql.SQL(
        "select from {} where org_id is distinct from"
        " nullif(current_setting('tenantry.org_id', true), '')::uuid limit 1"
    ).format(sql.Identifier(table))
    return connection.execute(query).fetchone() is not None
