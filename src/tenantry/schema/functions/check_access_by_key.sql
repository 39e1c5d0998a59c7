-- Checks that an organization's key asks. The key is looked up once; each check then looks at the one
-- workspace that it names. Without a subject, it asks about itself: what it may do by its own authorization.
create or replace function directory.check_access_by_key(
  p_digest bytea, p_orgs uuid[], p_workspaces uuid[], p_subjects uuid[], p_permissions text[]
) returns table (
  outcome text, revision bigint, membership_id uuid, role_id uuid, role_key text, role_name text,
  archived boolean, workspace_role_id uuid, workspace_role_key text, workspace_role_name text
)
language sql stable security definer set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $$
  with asker as materialized (select * from directory.valid_keys(p_digest))
  select told.outcome,
         case when told.knows then o.revision end,
         case when told.names then s.membership_id end,
         case when told.names then coalesce(s.role_id, asker.role_id) end,
         case when told.names then coalesce(s.role_key, asker.role_key) end,
         case when told.names then coalesce(s.role_name, asker.role_name) end,
         case when told.names and told.shown then s.archived end,
         case when told.names and told.shown then s.workspace_role_id end,
         case when told.names and told.shown then s.workspace_role_key end,
         case when told.names and told.shown then s.workspace_role_name end
    from asker
   cross join unnest(p_orgs, p_workspaces, p_subjects, p_permissions)
         with ordinality c (org_id, workspace_id, named, permission, number)
    left join permissions d on d.name = c.permission
    left join organizations o on o.org_id = asker.org_id and o.org_id = c.org_id
    left join lateral (
      select st.* from directory.member_access(o.org_id, c.workspace_id) st where st.user_id = c.named
    ) s on true
    -- Whether it comes in, what its member holds there, and whether it may ask about others; null to
    -- one that is bound to a workspace, which is a stranger to the organization itself.
    left join lateral (
      select r.entered, r.workspace_role_key, r.workspace_permissions,
             case when asker.bound_to is null
                  then directory.permits(asker.role_key, asker.held, 'member:read', false)
                       and (asker.membership_id is null or directory.permits(
                              asker.member_key, asker.member_held, 'member:read', false))
             end as reads
        from directory.key_reach(asker.org_id, asker.bound_to, asker.role_key, asker.membership_id,
                             asker.member_key, c.workspace_id) r
       where o.org_id is not null
    ) way on true
   cross join lateral (
     select directory.counts_in_workspace(c.permission) as in_workspace, d.name is not null as declared
   ) counts
   cross join lateral (
     select directory.permits(asker.role_key, asker.held, c.permission, counts.declared)
              and (asker.bound_to is null or counts.in_workspace)
              and (asker.membership_id is null
                   or directory.permits(
                        asker.member_key, asker.member_held, c.permission, counts.declared)
                   or (counts.in_workspace and directory.permits(
                         way.workspace_role_key, way.workspace_permissions, c.permission, counts.declared)))
              as itself,
            directory.permits(s.role_key, s.held, c.permission, counts.declared) as by_role,
            counts.in_workspace
              and directory.permits(s.workspace_role_key, s.workspace_permissions, c.permission, counts.declared)
              as by_workspace_role,
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
              when may.by_role and may.by_workspace_role then 'both'
              when may.by_role then 'role'
              when may.by_workspace_role then 'workspace_role'
              when not counts.declared and not directory.is_built_in(c.permission) then 'declaration'
              else 'permission'
            end as outcome
   ) told
   order by c.number
$$;
