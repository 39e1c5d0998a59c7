-- Checks that a person asks in their session, or the product with a service key; about the person where
-- no subject is named. Keys of an organization use `check_access_by_key`, so that this one need not look them up.
-- One row for each check, as long as the credential is valid. `outcome` is what allows it (role,
-- workspace_role, both), or the first condition that is missing. Strangers learn nothing of an
-- organization, nor of a workspace that they cannot see: the answer is that of one that does not exist.
-- `denied` is the answer to members who may not ask about others. `archived` is null without a workspace.
-- The plan is made once a connection, perhaps while tables are empty; every row is found by an index, so
-- sequential scans are off from the first day.
create or replace function directory.check_access(
  p_session uuid, p_user uuid, p_digest bytea,
  p_orgs uuid[], p_workspaces uuid[], p_subjects uuid[], p_permissions text[]
) returns table (
  outcome text, revision bigint, membership_id uuid, role_id uuid, role_key text, role_name text,
  archived boolean, workspace_role_id uuid, workspace_role_key text, workspace_role_name text
)
language sql stable security definer set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $$
  select answer.outcome,
         case when answer.may_know then o.revision end,
         case when answer.may_name then s.membership_id end,
         case when answer.may_name then s.role_id end,
         case when answer.may_name then s.role_key end,
         case when answer.may_name then s.role_name end,
         case when answer.may_name and answer.shown then s.archived end,
         case when answer.may_name and answer.shown then s.workspace_role_id end,
         case when answer.may_name and answer.shown then s.workspace_role_key end,
         case when answer.may_name and answer.shown then s.workspace_role_name end
    from (
      select user_id, false as everywhere from directory.active_session(p_session, p_user)
      union all
      select null, true from directory.active_service_key(p_digest)
    ) caller
   cross join unnest(p_orgs, p_workspaces, p_subjects, p_permissions)
         with ordinality c (org_id, workspace_id, named, permission, number)
   cross join lateral (
     select coalesce(c.named, caller.user_id) as subject,
            coalesce(c.named, caller.user_id) is not distinct from caller.user_id as is_self
   ) about
    left join permissions d on d.name = c.permission
    left join organizations o
      on o.org_id = c.org_id and o.deleted_at is null and o.disabled_at is null
    left join lateral (
      select st.* from directory.member_access(c.org_id, c.workspace_id) st
       where st.user_id = about.subject
    ) s on true
    -- A caller who asks about others: whether they are a member, may ask, and see the workspace.
    left join lateral (
      select directory.permits(st.role_key, st.held, 'member:read', false) as reads, st.sees
        from directory.member_access(c.org_id, c.workspace_id) st
       where st.user_id = caller.user_id and st.state = 'active' and not about.is_self
    ) a on true
   cross join lateral (
     select directory.permits(s.role_key, s.held, c.permission, d.name is not null) as by_role,
            directory.counts_in_workspace(c.permission)
              and directory.permits(s.workspace_role_key, s.workspace_permissions, c.permission, d.name is not null)
              as by_workspace_role,
            s.workspace_id is not null and (caller.everywhere or a.sees or (about.is_self and s.sees))
              as shown
   ) may
   cross join lateral (
     select may.shown,
            case when caller.everywhere then true
                 when about.is_self then s.state = 'active'
                 else coalesce(a.reads, false) end as may_know,
            case when caller.everywhere then s.membership_id is not null
                 when about.is_self then s.state = 'active'
                 else coalesce(a.reads, false) and s.membership_id is not null end as may_name,
            case
              when not caller.everywhere and not about.is_self and a.reads is null then 'membership'
              when not caller.everywhere and not about.is_self and not a.reads then 'denied'
              when s.membership_id is null then 'membership'
              when s.state <> 'active' and about.is_self then 'membership'
              when s.state <> 'active' then s.state
              when c.workspace_id is not null and not (s.sees and may.shown) then 'workspace'
              when may.by_role and may.by_workspace_role then 'both'
              when may.by_role then 'role'
              when may.by_workspace_role then 'workspace_role'
              when d.name is null and not directory.is_built_in(c.permission) then 'declaration'
              else 'permission'
            end as outcome
   ) answer
   order by c.number
$$;
