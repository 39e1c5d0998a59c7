-- As `authorize`, for one workspace: workspace_id is null if it is unknown, or private to others. The role in
-- it adds what counts in a workspace to what the organization's role permits.
create or replace function directory.authorize_in_workspace(
  p_session uuid, p_user uuid, p_org uuid, p_permission text, p_workspace uuid,
  out user_name text, out user_email text, out email_verified boolean,
  out membership_id uuid, out role_id uuid, out role_key text, out role_name text,
  out granted boolean,
  out workspace_id uuid, out workspace_role_id uuid, out workspace_role_key text, out workspace_role_name text
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select s.user_name, s.user_email, s.email_verified,
         m.membership_id, m.role_id, m.role_key, m.role_name,
         case when m.workspace_id is not null
               and (directory.permits(m.role_key, m.held, p_permission, false)
                    or (directory.counts_in_workspace(p_permission)
                        and directory.permits(m.workspace_role_key, m.workspace_permissions, p_permission, false)))
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end,
         m.workspace_id, m.workspace_role_id, m.workspace_role_key, m.workspace_role_name
    from directory.active_session(p_session, p_user) s
    left join (directory.active_memberships_in(p_workspace) m
               join organizations o on o.org_id = m.org_id
                and o.deleted_at is null and o.disabled_at is null)
      on m.org_id = p_org and m.user_id = s.user_id
$$;
