-- The directory: the only statements that look across tenants, each by name in ARCHITECTURE.md.
-- Plain SQL, owned by a role that may only SELECT, with a pinned search_path.

-- Who asks, and may they do this here? A row comes back whenever the session lives; membership_id is
-- null for a stranger; the tenant is set, for this transaction alone, only where `granted` is true.
create function directory.enter(
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
               join organizations o on o.org_id = m.org_id and o.deleted_at is null)
      on m.org_id = p_org and m.user_id = s.user_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;

-- The same for one workspace: seen_id is null where it is unknown, or private to others. The role
-- there adds what counts inside a workspace to what the organization's role permits.
create function directory.enter_workspace(
  p_session uuid, p_user uuid, p_org uuid, p_permission text, p_workspace uuid,
  out user_name text, out user_email text, out email_verified boolean,
  out membership_id uuid, out role_id uuid, out role_key text, out role_name text,
  out granted boolean,
  out seen_id uuid, out there_id uuid, out there_key text, out there_name text
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select u.name, u.email, u.email_verified_at is not null,
         m.id, r.id, r.key, r.name,
         case when w.id is not null
               and (p_permission = any (r.permissions)
                    or (p_permission = any (t.permissions)
                        and p_permission like 'workspace:%' and p_permission <> 'workspace:create'))
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end,
         w.id, t.id, t.key, t.name
    from sessions s
    join users u on u.id = s.user_id
    left join (memberships m
               join roles r on r.org_id = m.org_id and r.id = m.role_id
               join organizations o on o.org_id = m.org_id and o.deleted_at is null)
      on m.org_id = p_org and m.user_id = s.user_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
    left join (workspace_memberships wm
               join roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = p_org and wm.workspace_id = p_workspace and wm.membership_id = m.id
    left join workspaces w
      on w.org_id = m.org_id and w.id = p_workspace
     and (w.visibility = 'organization' or wm.membership_id is not null or r.key = 'admin')
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;

-- The organizations of a person whose session lives, with the person's role in each. Two functions
-- rather than one with a direction: so both read the index in order and stop at the limit.
create function directory.my_organizations(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text,
  out org_id uuid, out name text, out slug text, out kind text, out locale text, out metadata jsonb,
  out default_workspace_id uuid, out created_at timestamptz, out updated_at timestamptz,
  out role_id uuid, out role_key text, out role_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind, o.locale, o.metadata, o.default_workspace_id,
         o.created_at, o.updated_at, r.id, r.key, r.name
    from memberships m
    join organizations o on o.org_id = m.org_id and o.deleted_at is null
    join roles r on r.org_id = m.org_id and r.id = m.role_id
   where m.user_id = p_user and m.org_id > p_low and m.org_id < p_high
     and m.status = 'active' and (m.expires_at is null or m.expires_at > now())
     and (p_slug is null or o.slug = p_slug)
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by m.org_id limit p_limit
$$;

create function directory.my_organizations_descending(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text,
  out org_id uuid, out name text, out slug text, out kind text, out locale text, out metadata jsonb,
  out default_workspace_id uuid, out created_at timestamptz, out updated_at timestamptz,
  out role_id uuid, out role_key text, out role_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind, o.locale, o.metadata, o.default_workspace_id,
         o.created_at, o.updated_at, r.id, r.key, r.name
    from memberships m
    join organizations o on o.org_id = m.org_id and o.deleted_at is null
    join roles r on r.org_id = m.org_id and r.id = m.role_id
   where m.user_id = p_user and m.org_id > p_low and m.org_id < p_high
     and m.status = 'active' and (m.expires_at is null or m.expires_at > now())
     and (p_slug is null or o.slug = p_slug)
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by m.org_id desc limit p_limit
$$;

-- Whose personal organization is it? Null where the person has none.
create function directory.personal_organization(p_user uuid) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select org_id from organizations where owner_id = p_user
$$;

-- Letters that wait to be sent, of all tenants: the worker then acts as each one's tenant.
create function directory.due_letters(p_limit int, out org_id uuid, out id uuid)
returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select org_id, id from letters
   where state = 'queued' and next_attempt_at <= now() order by next_attempt_at limit p_limit
$$;

-- A function's owner needs CREATE on its schema at the moment that it becomes the owner.
grant create on schema directory to tenantry_directory;
alter function directory.enter owner to tenantry_directory;
alter function directory.enter_workspace owner to tenantry_directory;
alter function directory.my_organizations owner to tenantry_directory;
alter function directory.my_organizations_descending owner to tenantry_directory;
alter function directory.personal_organization owner to tenantry_directory;
alter function directory.due_letters owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

revoke execute on all functions in schema directory from public;
grant execute on all functions in schema directory to tenantry_service;
