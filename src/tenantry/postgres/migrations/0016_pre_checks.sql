-- "May this person do this, there?", with its reason. What is said here is what `enter` and
-- `enter_workspace` decide; tests/promises/checks holds them together.

grant select on service_keys, service_key_secrets to tenantry_directory;

-- Whether a role permits something; Admin permits whatever the product has declared as well.
create or replace function directory.permits(
  p_key text, p_held text[], p_permission text, p_declared boolean
) returns boolean
language sql immutable
as $$
  select coalesce(p_permission = any (p_held) or (p_key = 'admin' and p_declared), false)
$$;

-- How each member of a live organization stands to it, and to one of its workspaces: what they hold,
-- whether that counts now, and whether they see the workspace. It looks across nothing by itself: row
-- security, or who calls it, says whose rows it shows.
create or replace function directory.standings(p_org uuid, p_workspace uuid) returns table (
  revision bigint, membership_id uuid, user_id uuid, standing text,
  role_id uuid, role_key text, role_name text, held text[],
  workspace_id uuid, archived boolean, sees boolean,
  there_id uuid, there_key text, there_name text, held_there text[]
)
language sql stable
as $$
  select o.revision, m.id, m.user_id,
         case when u.disabled_at is not null then 'account'
              when m.status <> 'active' then 'suspended'
              when m.expires_at <= now() then 'expired'
              else 'active' end,
         r.id, r.key, r.name, r.permissions,
         w.id, w.archived_at is not null,
         coalesce(w.visibility = 'organization' or t.id is not null or r.key = 'admin', false),
         t.id, t.key, t.name, t.permissions
    from public.organizations o
    join public.memberships m on m.org_id = o.org_id
    join public.roles r on r.org_id = m.org_id and r.id = m.role_id
    join public.users u on u.id = m.user_id
    left join public.workspaces w on w.org_id = m.org_id and w.id = p_workspace
    left join (public.workspace_memberships wm
               join public.roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = m.org_id and wm.workspace_id = w.id and wm.membership_id = m.id
   where o.org_id = p_org and o.deleted_at is null and o.disabled_at is null
$$;

-- What each member of a live organization holds, once for each workspace that they see.
create or replace function directory.holdings(p_org uuid) returns table (
  revision bigint, membership_id uuid, user_id uuid, standing text,
  role_id uuid, role_key text, role_name text, held text[],
  workspace_id uuid, visibility text, archived boolean,
  there_id uuid, there_key text, there_name text, held_there text[]
)
language sql stable
as $$
  select o.revision, m.id, m.user_id,
         case when u.disabled_at is not null then 'account'
              when m.status <> 'active' then 'suspended'
              when m.expires_at <= now() then 'expired'
              else 'active' end,
         r.id, r.key, r.name, directory.permissions_of(r.key, r.permissions),
         w.id, w.visibility, w.archived_at is not null,
         t.id, t.key, t.name, directory.permissions_of(t.key, t.permissions)
    from public.organizations o
    join public.memberships m on m.org_id = o.org_id
    join public.roles r on r.org_id = m.org_id and r.id = m.role_id
    join public.users u on u.id = m.user_id
    join public.workspaces w on w.org_id = m.org_id
    left join (public.workspace_memberships wm
               join public.roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = m.org_id and wm.workspace_id = w.id and wm.membership_id = m.id
   where o.org_id = p_org and o.deleted_at is null and o.disabled_at is null
     and (w.visibility = 'organization' or t.id is not null or r.key = 'admin')
$$;

-- Checks, asked by a person in their session, by a service key, or by an organization's key; about
-- themselves where no subject is named. One row for each, as long as who asks is alive. `outcome` is
-- what allows it (role, workspace_role, both, key), or the first link that is missing. Nothing is told
-- of an organization to who is a stranger there, nor of a workspace to who does not see it: it is then
-- what it is for one that is not there. `denied` is told to members who may not ask about others.
-- `archived` is null where there is no workspace to speak of.
create or replace function directory.check_access(
  p_session uuid, p_user uuid, p_digest bytea,
  p_orgs uuid[], p_workspaces uuid[], p_subjects uuid[], p_permissions text[]
) returns table (
  outcome text, revision bigint, membership_id uuid, role_id uuid, role_key text, role_name text,
  archived boolean, there_id uuid, there_key text, there_name text
)
language sql stable security definer set search_path = public, pg_temp
as $$
  select told.outcome,
         case when told.knows then o.revision end,
         case when told.names then s.membership_id end,
         case when told.names then coalesce(s.role_id, own.role_id) end,
         case when told.names then coalesce(s.role_key, own.role_key) end,
         case when told.names then coalesce(s.role_name, own.role_name) end,
         case when told.names and told.shown then s.archived end,
         case when told.names and told.shown then s.there_id end,
         case when told.names and told.shown then s.there_key end,
         case when told.names and told.shown then s.there_name end
    from (
      select x.user_id, false as everywhere, false as is_key
        from sessions x join users u on u.id = x.user_id and u.disabled_at is null
       where x.id = p_session and x.user_id = p_user
         and x.ended_at is null and x.expires_at > now()
      union all
      select null, true, false
        from service_key_secrets x
        join service_keys k on k.id = x.key_id and (k.expires_at is null or k.expires_at > now())
       where x.digest = p_digest and (x.expires_at is null or x.expires_at > now())
      union all
      select null, false, true
        from api_key_secrets x cross join directory.enter_by_key(
               p_digest, '00000000-0000-0000-0000-000000000000', '', null)
       where x.digest = p_digest
    ) asker
   cross join unnest(p_orgs, p_workspaces, p_subjects, p_permissions)
         with ordinality c (org_id, workspace_id, named, permission, number)
   cross join lateral (
     select coalesce(c.named, asker.user_id) as subject,
            coalesce(c.named, asker.user_id) is not distinct from asker.user_id as is_self
   ) about
    left join permissions d on d.name = c.permission
    left join organizations o
      on o.org_id = c.org_id and o.deleted_at is null and o.disabled_at is null
    left join lateral directory.standings(c.org_id, c.workspace_id) s on s.user_id = about.subject
    -- Who asks about others: whether they belong there, may ask, and see the workspace.
    left join lateral (
      select directory.permits(st.role_key, st.held, 'member:read', false) as reads, st.sees
        from directory.standings(c.org_id, c.workspace_id) st
       where st.user_id = asker.user_id and st.standing = 'active' and not about.is_self
      union all
      select e.granted, coalesce(there.entered, false)
        from directory.enter_by_key(p_digest, c.org_id, 'member:read', null) e
        left join lateral directory.enter_by_key(
          p_digest, c.org_id, 'workspace:read', c.workspace_id) there on c.workspace_id is not null
       where asker.is_key and c.named is not null and e.entered
    ) a on true
    -- A key that asks about itself is asked what it may do by the way in that it has.
    left join lateral (
      select e.role_id, e.role_key, e.role_name, e.entered, e.granted
        from directory.enter_by_key(p_digest, c.org_id, c.permission, c.workspace_id) e
       where asker.is_key and c.named is null
    ) own on true
   cross join lateral (
     select directory.permits(s.role_key, s.held, c.permission, d.name is not null) as by_role,
            directory.counts_in_workspace(c.permission)
              and directory.permits(s.there_key, s.held_there, c.permission, d.name is not null)
              as by_there,
            s.workspace_id is not null and (asker.everywhere or a.sees or (about.is_self and s.sees))
              as shown
   ) may
   cross join lateral (
     select may.shown,
            case when own.entered is not null then own.entered
                 when asker.everywhere then true
                 when about.is_self then s.standing = 'active'
                 else coalesce(a.reads, false) end as knows,
            case when own.entered is not null then own.entered
                 when asker.everywhere then s.membership_id is not null
                 when about.is_self then s.standing = 'active'
                 else coalesce(a.reads, false) and s.membership_id is not null end as names,
            case
              when own.granted then 'key'
              when own.entered then 'permission'
              when own.entered is not null then 'membership'
              when not asker.everywhere and not about.is_self and a.reads is null then 'membership'
              when not asker.everywhere and not about.is_self and not a.reads then 'denied'
              when s.membership_id is null then 'membership'
              when s.standing <> 'active' and about.is_self then 'membership'
              when s.standing <> 'active' then s.standing
              when c.workspace_id is not null and not (s.sees and may.shown) then 'workspace'
              when may.by_role and may.by_there then 'both'
              when may.by_role then 'role'
              when may.by_there then 'workspace_role'
              when d.name is null and directory.counts_in_workspace(c.permission)
                   and c.permission not like 'workspace:%' then 'declaration'
              else 'permission'
            end as outcome
   ) told
   order by c.number
$$;

-- What a person whose session lives holds in an organization, once for each workspace that they see;
-- nothing for who is a stranger there.
create or replace function directory.my_holdings(p_session uuid, p_user uuid, p_org uuid)
returns table (
  revision bigint, membership_id uuid, user_id uuid, standing text,
  role_id uuid, role_key text, role_name text, held text[],
  workspace_id uuid, visibility text, archived boolean,
  there_id uuid, there_key text, there_name text, held_there text[]
)
language sql stable security definer set search_path = public, pg_temp
as $$
  select h.* from directory.holdings(p_org) h
   where h.user_id = p_user and h.standing = 'active'
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by h.workspace_id
$$;

grant create on schema directory to tenantry_directory;
alter function directory.check_access owner to tenantry_directory;
alter function directory.my_holdings owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

revoke execute on all functions in schema directory from public;
grant execute on function directory.permits, directory.standings, directory.holdings,
  directory.enter_by_key to tenantry_directory;
grant execute on all functions in schema directory to tenantry_service;
