-- Roles, workspaces and organizations that end.

-- A role that is no longer given stays for the record: settled invitations name it. Its key is free.
alter table roles add column if not exists retired_at timestamptz;
alter table roles drop constraint if exists roles_key;
create unique index if not exists roles_key on roles (org_id, key) where retired_at is null;

-- Who made an organization, for the limit of how many one person may have made.
alter table organizations add column if not exists created_by uuid;
alter table users add column if not exists organizations_made int not null default 0;
alter table users add column if not exists organizations_allowed int not null default 0;
alter table users drop constraint if exists users_organizations;
alter table users add constraint users_organizations
  check (organizations_made <= organizations_allowed);

create index if not exists workspace_memberships_by_role on workspace_memberships (org_id, role_id);
create index if not exists invitation_workspaces_by_role on invitation_workspaces (org_id, role_id);
create index if not exists invitation_workspaces_by_workspace
  on invitation_workspaces (org_id, workspace_id);
create index if not exists organizations_deleted on organizations (deleted_at)
  where deleted_at is not null;

-- As `enter`, and into an organization that was deleted less than 30 days ago, for its Admins alone:
-- to restore it.
create or replace function directory.enter_to_restore(
  p_session uuid, p_user uuid, p_org uuid, p_permission text,
  out user_name text, out user_email text, out email_verified boolean,
  out membership_id uuid, out role_id uuid, out role_key text, out role_name text,
  out granted boolean
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select u.name, u.email, u.email_verified_at is not null,
         m.id, r.id, r.key, r.name,
         case when p_permission = any (r.permissions)
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end
    from sessions s
    join users u on u.id = s.user_id
    left join (memberships m
               join roles r on r.org_id = m.org_id and r.id = m.role_id
               join organizations o on o.org_id = m.org_id
                and (o.deleted_at is null
                     or (r.key = 'admin' and o.deleted_at > now() - interval '30 days')))
      on m.org_id = p_org and m.user_id = s.user_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;

-- The deleted organizations that a person whose session lives could restore. They are few, so one
-- function serves both directions.
create or replace function directory.my_deleted_organizations(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text,
  p_descending boolean,
  out org_id uuid, out name text, out slug text, out kind text, out locale text, out metadata jsonb,
  out default_workspace_id uuid, out created_at timestamptz, out updated_at timestamptz,
  out role_id uuid, out role_key text, out role_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind, o.locale, o.metadata, o.default_workspace_id,
         o.created_at, o.updated_at, r.id, r.key, r.name
    from memberships m
    join organizations o on o.org_id = m.org_id and o.deleted_at > now() - interval '30 days'
    join roles r on r.org_id = m.org_id and r.id = m.role_id and r.key = 'admin'
   where m.user_id = p_user and m.org_id > p_low and m.org_id < p_high
     and m.status = 'active' and (m.expires_at is null or m.expires_at > now())
     and (p_slug is null or o.slug = p_slug)
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by case when not p_descending then m.org_id end, m.org_id desc limit p_limit
$$;

-- Organizations whose time to be restored is over: a worker then acts as each one's tenant.
create or replace function directory.purgeable_organizations(p_limit int)
returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select org_id from organizations
   where deleted_at <= now() - interval '30 days' order by deleted_at limit p_limit
$$;

grant create on schema directory to tenantry_directory;
alter function directory.enter_to_restore owner to tenantry_directory;
alter function directory.my_deleted_organizations owner to tenantry_directory;
alter function directory.purgeable_organizations owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

revoke execute on all functions in schema directory from public;
grant execute on all functions in schema directory to tenantry_service;
