-- As `authorize`, for one workspace: seen_id is null where it is unknown, or private to others. The role there
-- adds what counts in a workspace to what the organization's role permits.
create or replace function directory.authorize_in_workspace(
  p_session uuid, p_user uuid, p_org uuid, p_permission text, p_workspace uuid,
  out user_name text, out user_email text, out email_verified boolean,
  out membership_id uuid, out role_id uuid, out role_key text, out role_name text,
  out granted boolean,
  out seen_id uuid, out there_id uuid, out there_key text, out there_name text
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select u.name, u.email, u.email_verified_at is not null,
         m.id, r.id, r.key, r.name,
         case when w.id is not null
               and (p_permission = any (r.permissions)
                    or (p_permission = any (t.permissions)
                        and p_permission like 'workspace:%' and p_permission <> 'workspace:create'))
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end,
         w.id, t.id, t.key, t.name
    from sessions s
    join users u on u.id = s.user_id and u.disabled_at is null
    left join (memberships m
               join roles r on r.org_id = m.org_id and r.id = m.role_id
               join organizations o on o.org_id = m.org_id
                and o.deleted_at is null and o.disabled_at is null)
      on m.org_id = p_org and m.user_id = s.user_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
    left join (workspace_memberships wm
               join roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = p_org and wm.workspace_id = p_workspace and wm.membership_id = m.id
    left join workspaces w
      on w.org_id = m.org_id and w.id = p_workspace
     and (w.visibility = 'organization' or wm.membership_id is not null or r.key = 'admin')
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;
