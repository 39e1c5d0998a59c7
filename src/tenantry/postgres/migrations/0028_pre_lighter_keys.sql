-- A key is decided once for a whole batch of checks, and no longer twice for each question: who bears
-- it, and how far it reaches, are told by two functions of which the way in and checks both are made.

-- The living key that has a secret: itself, the secret, its organization, and the member whose own it
-- is or the service account, are all in time. What a role holds is as it stands in the table; of the
-- member there is nothing where the key is an account's. Like `standings` it looks across nothing by
-- itself.
create or replace function directory.bearers(p_digest bytea) returns table (
  org_id uuid, key_id uuid, key_name text, account_id uuid, account_name text,
  owner_id uuid, owner_name text, owner_is_verified boolean,
  role_id uuid, role_key text, role_name text, held text[], bound_to uuid,
  membership_id uuid, member_key text, member_held text[]
)
language sql stable rows 1
as $$
  select k.org_id, k.id, k.name, a.id, a.name, u.id, u.name, u.email_verified_at is not null,
         r.id, r.key, r.name, r.permissions, coalesce(a.workspace_id, k.workspace_id),
         m.id, mr.key, mr.permissions
    from public.api_key_secrets s
    join public.api_keys k on k.org_id = s.org_id and k.id = s.key_id
     and (k.expires_at is null or k.expires_at > now())
    join public.organizations o on o.org_id = k.org_id
     and o.deleted_at is null and o.disabled_at is null
    left join public.service_accounts a on a.org_id = k.org_id and a.id = k.service_account_id
    join public.roles r on r.org_id = k.org_id and r.id = coalesce(a.role_id, k.role_id)
    left join (public.memberships m
               join public.roles mr on mr.org_id = m.org_id and mr.id = m.role_id
               join public.users u on u.id = m.user_id and u.disabled_at is null)
      on m.org_id = k.org_id and m.id = k.membership_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
   where s.digest = p_digest and (s.expires_at is null or s.expires_at > now())
     and (k.membership_id is null or m.id is not null)
$$;

-- Whether a key comes into its organization (null), or into one of its workspaces; and the role that the
-- member whose own it is holds there.
create or replace function directory.reach(
  p_org uuid, p_bound_to uuid, p_role_key text, p_membership uuid, p_member_key text,
  p_workspace uuid
) returns table (entered boolean, there_key text, held_there text[])
language sql stable rows 1
as $$
  select case
           when p_workspace is null then p_bound_to is null
           when w.id is null then false
           when p_bound_to is null
             then w.visibility = 'organization'
                  or (p_role_key = 'admin' and coalesce(p_member_key, p_role_key) = 'admin')
           else p_bound_to = w.id
            and (p_membership is null or w.visibility = 'organization'
                 or t.id is not null or p_member_key = 'admin')
         end,
         t.key, t.permissions
    from (values (true)) one
    left join public.workspaces w on w.org_id = p_org and w.id = p_workspace
    left join (public.workspace_memberships wm
               join public.roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = p_org and wm.workspace_id = p_workspace and wm.membership_id = p_membership
$$;

-- As it was.
create or replace function directory.enter_by_key(
  p_digest bytea, p_org uuid, p_permission text, p_workspace uuid,
  out key_id uuid, out key_name text, out account_id uuid, out account_name text,
  out owner_id uuid, out owner_name text, out owner_is_verified boolean,
  out role_id uuid, out role_key text, out role_name text, out bound_to uuid,
  out permissions text[], out entered boolean, out granted boolean
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select b.key_id, b.key_name, b.account_id, b.account_name,
         b.owner_id, b.owner_name, b.owner_is_verified,
         b.role_id, b.role_key, b.role_name, b.bound_to, allowed.permissions, reach.entered,
         case when reach.entered and p_permission = any (allowed.permissions)
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end
    from directory.bearers(p_digest) b
    cross join lateral (
      select r.entered and b.org_id = p_org as entered, r.there_key, r.held_there
        from directory.reach(b.org_id, b.bound_to, b.role_key, b.membership_id, b.member_key,
                             p_workspace) r
    ) reach
    cross join lateral (
      select directory.permissions_of(b.member_key, b.member_held) as everywhere,
             directory.permissions_of(reach.there_key, reach.held_there) as there
    ) held
    cross join lateral (
      select array(
        select p from unnest(directory.permissions_of(b.role_key, b.held)) p
         where (b.bound_to is null or directory.counts_in_workspace(p))
           and (b.membership_id is null or p = any (held.everywhere)
                or (directory.counts_in_workspace(p) and p = any (held.there)))
      ) as permissions
    ) allowed
$$;

-- Checks that an organization's key asks, as `check_access` told them. The key is found once, with all that
-- it is; each question then looks at the one workspace that it names. Where nobody is named, it asks about
-- itself: what it may do by its own way in.
create or replace function directory.check_access_by_key(
  p_digest bytea, p_orgs uuid[], p_workspaces uuid[], p_subjects uuid[], p_permissions text[]
) returns table (
  outcome text, revision bigint, membership_id uuid, role_id uuid, role_key text, role_name text,
  archived boolean, there_id uuid, there_key text, there_name text
)
language sql stable security definer set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
  with asker as materialized (select * from directory.bearers(p_digest))
  select told.outcome,
         case when told.knows then o.revision end,
         case when told.names then s.membership_id end,
         case when told.names then coalesce(s.role_id, asker.role_id) end,
         case when told.names then coalesce(s.role_key, asker.role_key) end,
         case when told.names then coalesce(s.role_name, asker.role_name) end,
         case when told.names and told.shown then s.archived end,
         case when told.names and told.shown then s.there_id end,
         case when told.names and told.shown then s.there_key end,
         case when told.names and told.shown then s.there_name end
    from asker
   cross join unnest(p_orgs, p_workspaces, p_subjects, p_permissions)
         with ordinality c (org_id, workspace_id, named, permission, number)
    left join permissions d on d.name = c.permission
    left join organizations o on o.org_id = asker.org_id and o.org_id = c.org_id
    left join lateral (
      select st.* from directory.standings(o.org_id, c.workspace_id) st where st.user_id = c.named
    ) s on true
    -- Whether it comes in, what its member holds there, and whether it may ask about others; null to
    -- one that is bound to a workspace, which is a stranger to the organization itself.
    left join lateral (
      select r.entered, r.there_key, r.held_there,
             case when asker.bound_to is null
                  then directory.permits(asker.role_key, asker.held, 'member:read', false)
                       and (asker.membership_id is null or directory.permits(
                              asker.member_key, asker.member_held, 'member:read', false))
             end as reads
        from directory.reach(asker.org_id, asker.bound_to, asker.role_key, asker.membership_id,
                             asker.member_key, c.workspace_id) r
       where o.org_id is not null
    ) way on true
   cross join lateral (
     select directory.counts_in_workspace(c.permission) as there, d.name is not null as declared
   ) counts
   cross join lateral (
     select directory.permits(asker.role_key, asker.held, c.permission, counts.declared)
              and (asker.bound_to is null or counts.there)
              and (asker.membership_id is null
                   or directory.permits(
                        asker.member_key, asker.member_held, c.permission, counts.declared)
                   or (counts.there and directory.permits(
                         way.there_key, way.held_there, c.permission, counts.declared)))
              as itself,
            directory.permits(s.role_key, s.held, c.permission, counts.declared) as by_role,
            counts.there
              and directory.permits(s.there_key, s.held_there, c.permission, counts.declared)
              as by_there,
            s.workspace_id is not null and way.entered as shown
   ) may
   cross join lateral (
     select may.shown,
            case when c.named is null then way.entered else way.reads end as knows,
            case when c.named is null then way.entered
                 else way.reads and s.membership_id is not null end as names,
            case
              when c.named is null and way.entered and may.itself then 'key'
              when c.named is null and way.entered then 'permission'
              when c.named is null or way.reads is null then 'membership'
              when not way.reads then 'denied'
              when s.membership_id is null then 'membership'
              when s.standing <> 'active' then s.standing
              when c.workspace_id is not null and not (s.sees and may.shown) then 'workspace'
              when may.by_role and may.by_there then 'both'
              when may.by_role then 'role'
              when may.by_there then 'workspace_role'
              when not counts.declared and counts.there
                   and c.permission not like 'workspace:%' then 'declaration'
              else 'permission'
            end as outcome
   ) told
   order by c.number
$$;

grant create on schema directory to tenantry_directory;
alter function directory.check_access_by_key owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;
revoke execute on function directory.bearers, directory.reach, directory.check_access_by_key from public;
grant execute on function directory.bearers, directory.reach to tenantry_directory;
grant execute on function directory.bearers, directory.reach, directory.check_access_by_key
  to tenantry_service;
