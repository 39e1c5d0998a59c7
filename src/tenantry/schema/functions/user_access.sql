-- Membership, role and all that it permits; and for one workspace that the person can see, the role there.
-- It decides as `authorize` and `authorize_in_workspace` do, and sets no tenant. No row for a stranger; seen_id is
-- null where the workspace is unknown, or private to others.
create or replace function directory.user_access(
  p_user uuid, p_org uuid, p_workspace uuid,
  out membership_id uuid, out role_key text, out permissions text[],
  out seen_id uuid, out permissions_there text[]
) returns setof record
language sql stable security definer set search_path = public, pg_temp rows 1
as $$
  select m.id, r.key, directory.permissions_of(r.key, r.permissions),
         w.id, directory.permissions_of(t.key, t.permissions)
    from memberships m
    join roles r on r.org_id = m.org_id and r.id = m.role_id
    join organizations o on o.org_id = m.org_id
     and o.deleted_at is null and o.disabled_at is null
    left join (workspace_memberships wm
               join roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = m.org_id and wm.workspace_id = p_workspace and wm.membership_id = m.id
    left join workspaces w
      on w.org_id = m.org_id and w.id = p_workspace
     and (w.visibility = 'organization' or wm.membership_id is not null or r.key = 'admin')
   where m.org_id = p_org and m.user_id = p_user and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
$$;
