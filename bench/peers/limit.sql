-- What the limit has beyond the tables: walls, and one function for each of its two routes.

create role limit_app login;
create table organization_slugs (slug text primary key, organization_id uuid not null);
create table events (
    organization_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    action text not null,
    actor_id uuid not null,
    actor_name text not null,
    changes jsonb not null,
    occurred_at timestamptz not null default now(),
    primary key (organization_id, id)
);
insert into organization_slugs select slug, id from organizations;

do $$
declare walled text;
begin
    foreach walled in array array['workspaces', 'roles', 'memberships', 'events'] loop
        execute format('alter table %I enable row level security', walled);
        execute format('alter table %I force row level security', walled);
        execute format('create policy tenant on %I using (organization_id = '
            'nullif(current_setting(''limit.org_id'', true), '''')::uuid)', walled);
    end loop;
    alter table organizations enable row level security;
    alter table organizations force row level security;
    create policy tenant on organizations using (
        id = nullif(current_setting('limit.org_id', true), '')::uuid);
end $$;
grant select, insert on all tables in schema public to limit_app;

-- Session, membership, permission and the row in one message; the tenant ends with the statement.
create function read_workspace(a_session uuid, a_user uuid, an_org uuid, a_workspace uuid)
returns table (id uuid, name text, slug text, description text, is_default boolean,
    visibility text, metadata jsonb, archived_at timestamptz, created_at timestamptz,
    updated_at timestamptz, granted boolean)
language plpgsql as $$
begin
    perform set_config('limit.org_id', an_org::text, true);
    return query
    select w.id, w.name, w.slug, w.description, w.is_default, w.visibility, w.metadata,
        w.archived_at, w.created_at, w.updated_at, 'workspace:read' = any (r.permissions)
    from sessions s
    join memberships m on m.organization_id = an_org and m.user_id = s.user_id
        and m.status = 'active'
    join roles r on r.organization_id = m.organization_id and r.id = m.role_id
    join workspaces w on w.organization_id = an_org and w.id = a_workspace
    where s.id = a_session and s.user_id = a_user
        and s.ended_at is null and s.expires_at > now();
end $$;

-- A check with its reason, as that of ours: session, membership, role, workspace and the role there.
create function check_access(a_session uuid, a_user uuid, orgs uuid[], places uuid[], wanted text[])
returns table (allowed boolean, membership uuid, role uuid, role_key text, role_name text,
    place uuid, there uuid, there_key text, there_name text)
language plpgsql as $$
begin
    if not exists (select from sessions s where s.id = a_session and s.user_id = a_user
        and s.ended_at is null and s.expires_at > now()) then return; end if;
    for i in 1 .. cardinality(orgs) loop
        perform set_config('limit.org_id', orgs[i]::text, true);
        return query
        select coalesce(w.id is not null and (wanted[i] = any (r.permissions)
                or wanted[i] = any (t.permissions)), false),
            m.id, r.id, r.key, r.name, w.id, t.id, t.key, t.name
        from (select 1) one
        left join (memberships m
            join roles r on r.organization_id = m.organization_id and r.id = m.role_id)
            on m.organization_id = orgs[i] and m.user_id = a_user and m.status = 'active'
        left join workspaces w on w.organization_id = m.organization_id and w.id = places[i]
        left join roles t on false;
    end loop;
end $$;

-- A whole organization in one message and one transaction; null where the session has ended.
-- ids: organization, workspace, three roles, membership, event. packs: three roles' permissions.
create function create_organization(a_session uuid, a_user uuid, ids uuid[], a_name text,
    a_slug text, packs jsonb)
returns timestamptz language plpgsql as $$
declare a_person text;
begin
    select u.name into a_person from sessions s join users u on u.id = s.user_id
    where s.id = a_session and s.user_id = a_user
        and s.ended_at is null and s.expires_at > now();
    if a_person is null then return null; end if;
    perform set_config('limit.org_id', ids[1]::text, true);
    insert into organization_slugs values (a_slug, ids[1]);
    insert into organizations (id, name, slug, default_workspace_id)
    values (ids[1], a_name, a_slug, ids[2]);
    insert into workspaces (organization_id, id, name, slug, is_default)
    values (ids[1], ids[2], 'Default', 'default', true);
    insert into roles (organization_id, id, key, name, permissions)
    select ids[1], ids[2 + pack.number], pack.role ->> 'key', pack.role ->> 'name',
        array(select jsonb_array_elements_text(pack.role -> 'permissions'))
    from jsonb_array_elements(packs) with ordinality pack (role, number);
    insert into memberships (organization_id, id, user_id, role_id)
    values (ids[1], ids[6], a_user, ids[3]);
    insert into events (organization_id, id, action, actor_id, actor_name, changes)
    values (ids[1], ids[7], 'organization.created', a_user, a_person,
        jsonb_build_object('name', a_name, 'slug', a_slug));
    return now();
end $$;
