-- The smallest schema that shows what row security costs: sessions, roles, memberships, workspaces.
create role app login;
create role bare login bypassrls;
create role directory nologin;

create table sessions (id uuid primary key, user_id uuid not null, expires_at timestamptz not null);
create table roles (
    org_id uuid, id uuid, key text not null, permissions text[] not null,
    primary key (org_id, id)
);
create table memberships (
    org_id uuid, id uuid, user_id uuid not null, role_id uuid not null,
    primary key (org_id, id),
    unique (org_id, user_id),
    foreign key (org_id, role_id) references roles (org_id, id)
);
create table workspaces (
    org_id uuid, id uuid, name text not null, slug text not null, description text,
    metadata jsonb not null default '{}', created_at timestamptz not null default now(),
    primary key (org_id, id)
);

-- `id_of('org', 7)` gives the same id in SQL and in Python, without a look-up.
create function id_of(kind int, number int) returns uuid language sql immutable as
$$ select (lpad(to_hex(kind), 8, '0') || lpad(to_hex(number), 24, '0'))::uuid $$;

insert into sessions
select id_of(1, n), id_of(2, n), now() + interval '1 day' from generate_series(0, 9999) n;
insert into roles
select id_of(3, n), id_of(4, n), 'admin', array['workspace:read', 'workspace:create']
from generate_series(0, 9999) n;
insert into memberships
select id_of(3, (n + k) % 10000), id_of(5, n * 5 + k), id_of(2, n), id_of(4, (n + k) % 10000)
from generate_series(0, 9999) n, generate_series(0, 4) k;
insert into workspaces (org_id, id, name, slug)
select id_of(3, n), id_of(6, n * 2 + k), 'Workspace ' || k, 'workspace-' || k
from generate_series(0, 9999) n, generate_series(0, 1) k;

do $$
declare t text;
begin
    foreach t in array array['roles', 'memberships', 'workspaces'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy tenant on %I using '
            '(org_id = nullif(current_setting(''tenantry.org_id'', true), '''')::uuid)', t);
    end loop;
end $$;
create policy directory on roles for select to directory using (true);
create policy directory on memberships for select to directory using (true);
grant select on sessions, roles, memberships to directory;
grant select, insert on sessions, roles, memberships, workspaces to app, bare;

-- Checks session, membership and permission; sets the tenant locally, and only if all is well.
create function authorize(a_session uuid, a_user uuid, an_org uuid, a_permission text)
returns table (membership_id uuid, role_key text, tenant text)
language sql volatile security definer set search_path = public, pg_temp as $$
    select m.id, r.key, set_config('tenantry.org_id', an_org::text, true)
    from sessions s
    join memberships m on m.org_id = an_org and m.user_id = s.user_id
    join roles r on r.org_id = m.org_id and r.id = m.role_id
    where s.id = a_session and s.user_id = a_user and s.expires_at > now()
      and a_permission = any (r.permissions)
$$;
alter function authorize owner to directory;

-- The same and the row, in one call: each hot read would be such a function.
create function enter_and_read(a_session uuid, a_user uuid, an_org uuid, a_workspace uuid)
returns table (id uuid, name text, slug text, description text, metadata jsonb,
    created_at timestamptz, role_key text)
language plpgsql as $$
begin
    perform set_config('tenantry.org_id', an_org::text, true);
    return query
    select w.id, w.name, w.slug, w.description, w.metadata, w.created_at, r.key
    from sessions s
    join memberships m on m.org_id = an_org and m.user_id = s.user_id
    join roles r on r.org_id = m.org_id and r.id = m.role_id
    join workspaces w on w.org_id = an_org and w.id = a_workspace
    where s.id = a_session and s.user_id = a_user and s.expires_at > now()
      and 'workspace:read' = any (r.permissions);
end $$;
