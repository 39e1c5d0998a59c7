-- The same for one workspace: workspace_id is null where it is unknown, or the member does not see it. The
-- role in it adds what counts in a workspace to what the organization's role permits.
create or replace function directory.active_memberships_in(p_workspace uuid) returns table (
  org_id uuid, membership_id uuid, user_id uuid,
  role_id uuid, role_key text, role_name text, held text[],
  workspace_id uuid, workspace_role_id uuid, workspace_role_key text, workspace_role_name text, workspace_permissions text[]
)
language sql stable
as $$
  select m.org_id, m.membership_id, m.user_id, m.role_id, m.role_key, m.role_name, m.held,
         w.id, t.id, t.key, t.name, t.permissions
    from directory.active_memberships() m
    left join (public.workspace_memberships wm
               join public.roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = m.org_id and wm.workspace_id = p_workspace
     and wm.membership_id = m.membership_id
    left join public.workspaces w
      on w.org_id = m.org_id and w.id = p_workspace
     and directory.sees_workspace(w.visibility, m.role_key, wm.membership_id is not null)
$$;
