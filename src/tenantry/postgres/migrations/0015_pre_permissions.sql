-- Permissions of the product's own: operators declare them, roles of organizations hold them.

create table if not exists permissions (
  name text primary key check (name ~ '^[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}$'),
  description text not null default '' check (length(description) <= 500),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
grant select, insert, update, delete on permissions to tenantry_service;
grant select on permissions to tenantry_directory;

-- By which roles a permission is held. Default roles hold none of these by name, so those of a new
-- organization do not pay for it.
create index if not exists roles_by_permission on roles using gin (permissions)
  where not is_default and retired_at is null;

-- All that a role permits: what it holds by name, and for Admin whatever the product declares.
create or replace function directory.permissions_of(p_key text, p_held text[]) returns text[]
language sql stable
as $$
  select case when p_key = 'admin'
              then p_held || array(select name from public.permissions order by name)
              else p_held end
$$;

-- Of a role's permissions, those that it gives where it is held in one workspace alone.
create or replace function directory.counts_in_workspace(p_permission text) returns boolean
language sql immutable
as $$
  select p_permission <> 'workspace:create'
     and p_permission not like all (
           array['organization:%', 'member:%', 'role:%', 'event:%', 'webhook:%', 'api\_key:%'])
$$;

-- As it was, with all that the roles permit.
create or replace function directory.enter_by_key(
  p_digest bytea, p_org uuid, p_permission text, p_workspace uuid,
  out key_id uuid, out key_name text, out account_id uuid, out account_name text,
  out owner_id uuid, out owner_name text, out owner_is_verified boolean,
  out role_id uuid, out role_key text, out role_name text, out bound_to uuid,
  out permissions text[], out entered boolean, out granted boolean
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select k.id, k.name, a.id, a.name, u.id, u.name, u.email_verified_at is not null,
         r.id, r.key, r.name, b.workspace_id, allowed.permissions, reach.entered,
         case when reach.entered and p_permission = any (allowed.permissions)
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end
    from api_key_secrets s
    join api_keys k on k.org_id = s.org_id and k.id = s.key_id
     and (k.expires_at is null or k.expires_at > now())
    join organizations o on o.org_id = k.org_id
     and o.deleted_at is null and o.disabled_at is null
    left join service_accounts a on a.org_id = k.org_id and a.id = k.service_account_id
    join roles r on r.org_id = k.org_id and r.id = coalesce(a.role_id, k.role_id)
    left join (memberships m
               join roles mr on mr.org_id = m.org_id and mr.id = m.role_id
               join users u on u.id = m.user_id and u.disabled_at is null)
      on m.org_id = k.org_id and m.id = k.membership_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
    cross join lateral (select coalesce(a.workspace_id, k.workspace_id) as workspace_id) b
    left join workspaces w on w.org_id = k.org_id and w.id = p_workspace
    left join (workspace_memberships wm
               join roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = k.org_id and wm.workspace_id = p_workspace and wm.membership_id = m.id
    cross join lateral (
      select directory.permissions_of(mr.key, mr.permissions) as everywhere,
             directory.permissions_of(t.key, t.permissions) as there
    ) held
    cross join lateral (
      select array(
        select p from unnest(directory.permissions_of(r.key, r.permissions)) p
         where (b.workspace_id is null or directory.counts_in_workspace(p))
           and (m.id is null or p = any (held.everywhere)
                or (directory.counts_in_workspace(p) and p = any (held.there)))
      ) as permissions
    ) allowed
    cross join lateral (
      select case
        when k.org_id <> p_org then false
        when p_workspace is null then b.workspace_id is null
        when w.id is null then false
        when b.workspace_id is null
          then w.visibility = 'organization' or (r.key = 'admin' and coalesce(mr.key, r.key) = 'admin')
        else b.workspace_id = w.id
         and (m.id is null or w.visibility = 'organization' or wm.membership_id is not null
              or mr.key = 'admin')
      end as entered
    ) reach
   where s.digest = p_digest and (s.expires_at is null or s.expires_at > now())
     and (k.membership_id is null or m.id is not null)
$$;

-- How many roles hold a permission by name, in how many organizations, of all tenants.
create or replace function directory.permission_uses(
  p_name text, out roles int, out organizations int
)
language sql stable security definer set search_path = public, pg_temp
as $$
  select count(*)::int, count(distinct org_id)::int from roles
   where permissions @> array[p_name] and not is_default and retired_at is null
$$;

grant create on schema directory to tenantry_directory;
alter function directory.permission_uses owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;
revoke execute on all functions in schema directory from public;
grant execute on function directory.permissions_of, directory.counts_in_workspace
  to tenantry_directory;
grant execute on all functions in schema directory to tenantry_service;
