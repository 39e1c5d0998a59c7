-- Membership, role and all that it permits; and for one workspace that the person can see, the role there.
-- It decides as `authorize` and `authorize_in_workspace` do, and sets no tenant. No row for a stranger;
-- workspace_id is null if the workspace is unknown, or private to others.
create or replace function directory.user_access(
  p_user uuid, p_org uuid, p_workspace uuid,
  out membership_id uuid, out role_key text, out permissions text[],
  out workspace_id uuid, out workspace_permissions text[]
) returns setof record
language sql stable security definer set search_path = public, pg_temp rows 1
as $$
  select m.membership_id, m.role_key, directory.permissions_of(m.role_key, m.held),
         m.workspace_id, directory.permissions_of(m.workspace_role_key, m.workspace_permissions)
    from directory.active_memberships_in(p_workspace) m
    join organizations o on o.org_id = m.org_id
     and o.deleted_at is null and o.disabled_at is null
   where m.org_id = p_org and m.user_id = p_user
$$;
