"""The schema's rules, read off the catalog of a database: every fault by name, in a sentence."""

import re
from pathlib import Path
from typing import Any, LiteralString

import psycopg

_PAGE = Path(__file__).parents[3] / "ARCHITECTURE.md"


def _named(begin: str, end: str, pattern: str = r"`(\w+)`") -> list[str]:
    """The names in backticks between two marks of ARCHITECTURE.md."""
    page = _PAGE.read_text()
    return re.findall(pattern, page[page.index(begin) : page.index(end)])


REGISTRIES = _named("*Global tables*", "*Tenant tables*")
TENANT_TABLES = _named("*Tenant tables*", "Each has the policy")
FUNCTIONS = _named("| function | purpose |", "No foreign key points", r"`(directory\.\w+)`")


def faults(admin_connection: psycopg.Connection[Any]) -> list[str]:
    """What of the schema's rules does not hold in this database; empty where all is well."""
    listed = [
        *(("registry", name) for name in REGISTRIES),
        *(("tenant", name) for name in TENANT_TABLES),
        *(("function", name) for name in FUNCTIONS),
    ]
    with admin_connection.transaction(force_rollback=True), admin_connection.cursor() as cursor:
        cursor.execute(_SHARED)
        cursor.executemany("insert into house_rules.listed values (%s, %s)", listed)
        return [row[0] for check in _CHECKS for row in cursor.execute(check).fetchall()]


# What the checks share. Tables of ours are all but the system's and the record of the schema.
_SHARED: LiteralString = """
create schema house_rules;
create table house_rules.listed (what text, name text);
create view house_rules.registries as select name from house_rules.listed where what = 'registry';
create view house_rules.tables as
  select c.oid, c.relname as name, c.relrowsecurity, c.relforcerowsecurity, c.relacl,
         a.attnum as org_id, a.attnotnull
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a
      on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
   where c.relkind in ('r', 'p', 'f', 'm') and c.relname <> 'schema_parts'
     and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'house_rules');
create view house_rules.tenants as
  select * from house_rules.tables
   where org_id is not null and name not in (table house_rules.registries);
create view house_rules.functions as
  select p.oid, n.nspname || '.' || p.proname as name, p.prosecdef, p.proconfig, p.proacl,
         p.proowner, l.lanname as language
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_language l on l.oid = p.prolang
   where n.nspname not in ('pg_catalog', 'information_schema');
create view house_rules.services as
  select r.* from pg_roles r where r.rolname = 'tenantry_service'
   or r.oid in (select m.member from pg_auth_members m
                 where m.roleid = to_regrole('tenantry_service')
                   and pg_has_role(m.member, m.roleid, 'usage'));
create view house_rules.grants as
  select 'table ' || t.name as object, g.* from house_rules.tables t, aclexplode(t.relacl) g
  union all
  select 'column ' || t.name || '.' || a.attname, g.*
    from house_rules.tables t join pg_attribute a on a.attrelid = t.oid, aclexplode(a.attacl) g
  union all
  select 'function ' || f.name, g.*
    from house_rules.functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) g
  union all
  select 'schema ' || n.nspname, g.*
    from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) g
   where n.nspname in ('public', 'directory')
"""

_TABLES: list[LiteralString] = [
    """select name || ' is not listed as a tenant table' from house_rules.tenants
        where name not in (select name from house_rules.listed where what = 'tenant')""",
    """select name || ' is listed as a tenant table, and is none' from house_rules.listed
        where what = 'tenant' and name not in (select name from house_rules.tenants)""",
    """select name || ' is listed as a registry, and is no table' from house_rules.registries
        where name not in (select name from house_rules.tables)""",
    """select name || ' has no org_id, and is not listed as a registry' from house_rules.tables
        where org_id is null and name not in (table house_rules.registries)""",
    """select name || ' does not enable row security' from house_rules.tenants
        where not relrowsecurity""",
    """select name || ' does not force row security' from house_rules.tenants
        where not relforcerowsecurity""",
    """select name || ' has an org_id that may be null' from house_rules.tenants
        where not attnotnull""",
    """select name || ' lacks the one policy' from house_rules.tenants t
        where not exists (
          select from pg_policy p where p.polrelid = t.oid and p.polname = 'tenant'
             and p.polcmd = '*' and p.polpermissive and p.polroles = '{0}'
             and pg_get_expr(p.polqual, p.polrelid) =
                 '(org_id = (NULLIF(current_setting(''tenantry.org_id''::text, true),'
                 ' ''''::text))::uuid)'
             and p.polwithcheck is null)""",
    """select t.name || ' has another policy: ' || p.polname
         from house_rules.tenants t join pg_policy p on p.polrelid = t.oid
        where p.polname <> 'tenant' and not (
              p.polname = 'directory' and p.polcmd = 'r'
              and p.polroles = array[to_regrole('tenantry_directory')::oid])""",
]

_KEYS: list[LiteralString] = [
    """select name || ' has no primary key' from house_rules.tenants t
        where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)""",
    """select t.name || ' has a unique index without org_id first: ' || i.indexrelid::regclass
         from house_rules.tenants t join pg_index i on i.indrelid = t.oid
        where i.indisunique and i.indkey[0] <> t.org_id""",
    """select t.name || ' has a foreign key without org_id first: ' || k.conname
         from house_rules.tenants t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
         left join house_rules.tenants far on far.oid = k.confrelid
        where k.conkey[1] <> t.org_id or k.confkey[1] <> far.org_id""",
    """select conrelid::regclass || ' has a foreign key that sets null: ' || conname
         from pg_constraint where contype = 'f'
          and (confdeltype in ('n', 'd') or confupdtype in ('n', 'd'))""",
    """select conrelid::regclass || ' has a foreign key onto users: ' || conname
         from pg_constraint where contype = 'f' and confrelid = to_regclass('public.users')""",
]

_LOGIC: list[LiteralString] = [
    """select tgrelid::regclass || ' has a trigger: ' || tgname
         from pg_trigger where not tgisinternal""",
    "select 'the database has an event trigger: ' || evtname from pg_event_trigger",
    """select t.name || ' has a rule: ' || r.rulename
         from house_rules.tables t join pg_rewrite r on r.ev_class = t.oid
        where r.rulename <> '_RETURN'""",
    """select name || ' is a function in ' || language
         from house_rules.functions where language <> 'sql'""",
    """select name || ' does not pin its search_path' from house_rules.functions
        where prosecdef and not coalesce('search_path=public, pg_temp' = any (proconfig), false)""",
    """select name || ' does not belong to the directory' from house_rules.functions
        where prosecdef and proowner is distinct from to_regrole('tenantry_directory')""",
    """select name || ' looks across tenants, and is not listed' from house_rules.functions
        where prosecdef
          and name not in (select name from house_rules.listed where what = 'function')""",
    """select f.name || ' passes over what is deleted, not over what is disabled'
         from house_rules.functions f join pg_proc p on p.oid = f.oid
        where p.prosecdef and p.prosrc like '%deleted_at is null%'
          and p.prosrc not like '%disabled_at is null%'""",
    """select name || ' is listed, and does not look across tenants' from house_rules.listed
        where what = 'function'
          and name not in (select name from house_rules.functions where prosecdef)""",
]

_ROLES: list[LiteralString] = [
    """select s.rolname || ' owns ' || pg_describe_object(d.classid, d.objid, 0)
         from house_rules.services s join pg_shdepend d on d.refobjid = s.oid and d.deptype = 'o'
        where d.dbid in (0, (select oid from pg_database where datname = current_database()))""",
    "select rolname || ' is a superuser' from house_rules.services where rolsuper",
    "select rolname || ' bypasses row security' from house_rules.services where rolbypassrls",
    """select s.rolname || ' may become ' || m.roleid::regrole
         from house_rules.services s join pg_auth_members m on m.member = s.oid
        where m.roleid <> to_regrole('tenantry_service')""",
    """select 'tenantry_directory may log in' from pg_roles
        where rolname = 'tenantry_directory' and rolcanlogin""",
    """select 'tenantry_directory has powers of its own' from pg_roles
        where rolname = 'tenantry_directory'
          and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)""",
    """select 'tenantry_directory may become ' || roleid::regrole
         from pg_auth_members where member = to_regrole('tenantry_directory')""",
    """select 'tenantry_directory may ' || privilege_type || ' on ' || object
         from house_rules.grants where grantee = to_regrole('tenantry_directory')
          and not (privilege_type in ('SELECT', 'USAGE')
                   or object like 'function directory.%' and privilege_type = 'EXECUTE')""",
    """select 'everybody may ' || privilege_type || ' on ' || object
         from house_rules.grants
        where grantee = 0 and not (object = 'schema public' and privilege_type = 'USAGE')""",
]

_CHECKS: list[LiteralString] = [*_TABLES, *_KEYS, *_LOGIC, *_ROLES]


def definitions(connection: psycopg.Connection[Any]) -> set[str]:
    """All that a schema defines, a line for each part, to compare two databases."""
    return {" ".join(row) for query in _DEFINITIONS for row in connection.execute(query).fetchall()}


_OURS: LiteralString = "n.nspname in ('public', 'directory')"
_DEFINITIONS: list[LiteralString] = [
    f"""select 'table', c.oid::regclass::text, coalesce(c.reloptions::text, ''),
               coalesce(c.relacl::text, ''), c.relrowsecurity::text, c.relforcerowsecurity::text
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'v') and {_OURS}""",
    f"""select 'column', c.oid::regclass::text || '.' || a.attname,
               format_type(a.atttypid, a.atttypmod), a.attnotnull::text, a.attcollation::text,
               coalesce(pg_get_expr(d.adbin, d.adrelid), ''), coalesce(a.attacl::text, '')
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'v')
          join pg_namespace n on n.oid = c.relnamespace
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attnum > 0 and not a.attisdropped and {_OURS}""",
    f"""select 'index', pg_get_indexdef(i.indexrelid)
          from pg_index i join pg_class c on c.oid = i.indrelid
          join pg_namespace n on n.oid = c.relnamespace where {_OURS}""",
    f"""select 'constraint', k.conrelid::regclass::text, k.conname::text,
               pg_get_constraintdef(k.oid)
          from pg_constraint k join pg_namespace n on n.oid = k.connamespace where {_OURS}""",
    """select 'policy', p.polrelid::regclass::text, p.polname::text, p.polcmd::text,
              p.polroles::regrole[]::text, coalesce(pg_get_expr(p.polqual, p.polrelid), ''),
              coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
         from pg_policy p""",
    f"""select 'function', pg_get_functiondef(p.oid), p.proowner::regrole::text,
               coalesce(p.proacl::text, '')
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace where {_OURS}""",
    f"""select 'schema', n.nspname::text, coalesce(n.nspacl::text, '')
          from pg_namespace n where {_OURS}""",
]
