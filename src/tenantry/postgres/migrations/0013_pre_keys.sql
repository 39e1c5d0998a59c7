-- Keys: credentials that no person signs in with. An organization's are a member's own, or those of a
-- service account; a service key is the product's, and belongs to no organization.

create table if not exists service_accounts (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  role_id uuid not null,
  -- Null: in the whole organization.
  workspace_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, role_id) references roles (org_id, id),
  foreign key (org_id, workspace_id) references workspaces (org_id, id)
);
create index if not exists service_accounts_by_role on service_accounts (org_id, role_id);
create index if not exists service_accounts_by_workspace
  on service_accounts (org_id, workspace_id) where workspace_id is not null;

-- A member's own key has a role, and perhaps a workspace; one of a service account has the account's.
create table if not exists api_keys (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  membership_id uuid,
  role_id uuid,
  workspace_id uuid,
  service_account_id uuid,
  hint text not null check (length(hint) <= 40),
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, membership_id) references memberships (org_id, id),
  foreign key (org_id, role_id) references roles (org_id, id),
  foreign key (org_id, workspace_id) references workspaces (org_id, id),
  foreign key (org_id, service_account_id) references service_accounts (org_id, id),
  check (num_nonnulls(membership_id, service_account_id) = 1),
  check ((membership_id is null) = (role_id is null)),
  check (workspace_id is null or membership_id is not null)
);
create index if not exists api_keys_by_membership
  on api_keys (org_id, membership_id) where membership_id is not null;
create index if not exists api_keys_by_role on api_keys (org_id, role_id) where role_id is not null;
create index if not exists api_keys_by_workspace
  on api_keys (org_id, workspace_id) where workspace_id is not null;
create index if not exists api_keys_by_service_account
  on api_keys (org_id, service_account_id, id) where service_account_id is not null;

-- The registry of secrets: a key has one, and for a while a second that a newer one has replaced.
create table if not exists api_key_secrets (
  digest bytea primary key,
  org_id uuid not null,
  key_id uuid not null,
  expires_at timestamptz,
  created_at timestamptz not null
);
create index if not exists api_key_secrets_by_key on api_key_secrets (org_id, key_id);

create table if not exists service_keys (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  hint text not null check (length(hint) <= 40),
  created_by uuid not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create table if not exists service_key_secrets (
  digest bytea primary key,
  key_id uuid not null references service_keys (id) on delete cascade,
  expires_at timestamptz,
  created_at timestamptz not null
);
create index if not exists service_key_secrets_by_key on service_key_secrets (key_id);

do $$
declare tenant_table text;
begin
  foreach tenant_table in array array['service_accounts', 'api_keys'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('drop policy if exists tenant on %I', tenant_table);
    execute format(
      'create policy tenant on %I using (org_id = nullif(current_setting(%L, true), %L)::uuid)',
      tenant_table, 'tenantry.org_id', '');
    execute format('drop policy if exists directory on %I', tenant_table);
    execute format(
      'create policy directory on %I for select to tenantry_directory using (true)', tenant_table);
  end loop;
end $$;

grant select, insert, update, delete on
  service_accounts, api_keys, api_key_secrets, service_keys, service_key_secrets
  to tenantry_service;
grant select on service_accounts, api_keys, api_key_secrets to tenantry_directory;

-- Of a role's permissions, those that it gives where it is held in one workspace alone.
create or replace function directory.counts_in_workspace(p_permission text) returns boolean
language sql immutable set search_path = public, pg_temp
as $$
  select p_permission <> 'workspace:create'
     and p_permission not like all (
           array['organization:%', 'member:%', 'role:%', 'event:%', 'webhook:%', 'api\_key:%'])
$$;

-- Which key is it, and may it do this here? A row comes back whenever the key lives: its secret and
-- itself are in time, its organization is there, and so is the member whose own it is, or the
-- service account. `entered` is false to a stranger: of another organization, bound to another
-- workspace, or to one where the organization itself is asked for. What a member's own key may do
-- is what its role and the member both have at this moment. The tenant is set, for this transaction
-- alone, only where `granted` is true.
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
      select array(
        select p from unnest(r.permissions) p
         where (b.workspace_id is null or directory.counts_in_workspace(p))
           and (m.id is null or p = any (mr.permissions)
                or (directory.counts_in_workspace(p) and p = any (t.permissions)))
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

grant create on schema directory to tenantry_directory;
alter function directory.enter_by_key owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;
revoke execute on function directory.enter_by_key, directory.counts_in_workspace from public;
grant execute on function directory.counts_in_workspace to tenantry_directory;
grant execute on function directory.enter_by_key, directory.counts_in_workspace
  to tenantry_service;
