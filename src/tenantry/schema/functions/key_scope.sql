-- Whether a key is valid in its organization (without a workspace), or in one of its workspaces; and the role
-- that the member who owns it has in that.
create or replace function directory.key_scope(
  p_org uuid, p_bound_to uuid, p_role_key text, p_membership uuid, p_member_key text,
  p_workspace uuid
) returns table (in_scope boolean, workspace_role_key text, workspace_permissions text[])
language sql stable rows 1
as $$
  select case
           when p_workspace is null then p_bound_to is null
           when w.id is null then false
           when p_bound_to is null
             then directory.sees_workspace(
                    w.visibility, directory.key_viewer_role(p_role_key, p_member_key), false)
           else p_bound_to = w.id
            and (p_membership is null
                 or directory.sees_workspace(w.visibility, p_member_key, t.id is not null))
         end,
         t.key, t.permissions
    from (values (true)) one
    left join public.workspaces w on w.org_id = p_org and w.id = p_workspace
    left join (public.workspace_memberships wm
               join public.roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = p_org and wm.workspace_id = p_workspace and wm.membership_id = p_membership
$$;
