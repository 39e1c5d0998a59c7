-- Checks that an organization's key asks for. The key is looked up once; each check then looks at the one
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
  with caller as materialized (select * from directory.valid_keys(p_digest))
  select answer.outcome,
         case when answer.may_know then o.revision end,
         case when answer.may_name then s.membership_id end,
         case when answer.may_name then coalesce(s.role_id, caller.role_id) end,
         case when answer.may_name then coalesce(s.role_key, caller.role_key) end,
         case when answer.may_name then coalesce(s.role_name, caller.role_name) end,
         case when answer.may_name and answer.shown then s.archived end,
         case when answer.may_name and answer.shown then s.workspace_role_id end,
         case when answer.may_name and answer.shown then s.workspace_role_key end,
         case when answer.may_name and answer.shown then s.workspace_role_name end
    from caller
   cross join unnest(p_orgs, p_workspaces, p_subjects, p_permissions)
         with ordinality c (org_id, workspace_id, named, permission, number)
    left join permissions d on d.name = c.permission
    left join organizations o on o.org_id = caller.org_id and o.org_id = c.org_id
    left join lateral (
      select st.* from directory.member_access(o.org_id, c.workspace_id) st where st.user_id = c.named
    ) s on true
    -- Whether it is valid here, the role of its member in the workspace, and whether it may ask about others; null
    -- for one that is bound to a workspace, which is a stranger to the organization itself.
    left join lateral (
      select r.in_scope, r.workspace_role_key, r.workspace_permissions,
             case when caller.bound_to is null
                  then directory.permits(caller.role_key, caller.held, 'member:read', false)
                       and (caller.membership_id is null or directory.permits(
                              caller.member_key, caller.member_held, 'member:read', false))
             end as reads
        from directory.key_scope(caller.org_id, caller.bound_to, caller.role_key, caller.membership_id,
                             caller.member_key, c.workspace_id) r
       where o.org_id is not null
    ) scope on true
   cross join lateral (
     select directory.counts_in_workspace(c.permission) as in_workspace, d.name is not null as declared
   ) counts
   cross join lateral (
     select directory.permits(caller.role_key, caller.held, c.permission, counts.declared)
              and (caller.bound_to is null or counts.in_workspace)
              and (caller.membership_id is null
                   or directory.permits(
                        caller.member_key, caller.member_held, c.permission, counts.declared)
                   or (counts.in_workspace and directory.permits(
                         scope.workspace_role_key, scope.workspace_permissions, c.permission, counts.declared)))
              as itself,
            directory.permits(s.role_key, s.held, c.permission, counts.declared) as by_role,
            counts.in_workspace
              and directory.permits(s.workspace_role_key, s.workspace_permissions, c.permission, counts.declared)
              as by_workspace_role,
            s.workspace_id is not null and scope.in_scope as shown
   ) may
   cross join lateral (
     select may.shown,
            case when c.named is null then scope.in_scope else scope.reads end as may_know,
            case when c.named is null then scope.in_scope
                 else scope.reads and s.membership_id is not null end as may_name,
            case
              when c.named is null and scope.in_scope and may.itself then 'key'
              when c.named is null and scope.in_scope then 'permission'
              when c.named is null or scope.reads is null then 'membership'
              when not scope.reads then 'denied'
              when s.membership_id is null then 'membership'
              when s.state <> 'active' then s.state
              when c.workspace_id is not null and not (s.sees and may.shown) then 'workspace'
              when may.by_role and may.by_workspace_role then 'both'
              when may.by_role then 'role'
              when may.by_workspace_role then 'workspace_role'
              when not counts.declared and not directory.is_built_in(c.permission) then 'declaration'
              else 'permission'
            end as outcome
   ) answer
   order by c.number
$$;
