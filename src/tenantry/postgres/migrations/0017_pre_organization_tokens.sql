-- What a person holds in an organization: for tokens that say so, and whoever asks about a person.

-- Membership, role and what it permits; and of one workspace, where it can be seen, the role there.
-- It decides as `enter` and `enter_workspace` do, and sets no tenant. No row for a stranger; seen_id is
-- null where the workspace is unknown, or private to others.
create function directory.holding(
  p_user uuid, p_org uuid, p_workspace uuid,
  out membership_id uuid, out role_key text, out permissions text[],
  out seen_id uuid, out permissions_there text[]
) returns setof record
language sql stable security definer set search_path = public, pg_temp rows 1
as $$
  select m.id, r.key, r.permissions, w.id, t.permissions
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

-- The same for who bears a token, with organization and workspace by id or by slug. A row comes back
-- whenever the session lives; membership_id is null for a stranger.
create function directory.own_holding(
  p_session uuid, p_user uuid,
  p_org uuid, p_org_slug text, p_workspace uuid, p_workspace_slug text,
  out org_id uuid, out membership_id uuid, out role_key text, out permissions text[],
  out seen_id uuid, out permissions_there text[]
) returns setof record
language sql stable security definer set search_path = public, pg_temp rows 1
as $$
  select o.id, h.membership_id, h.role_key, h.permissions, h.seen_id, h.permissions_there
    from sessions s
    join users u on u.id = s.user_id and u.disabled_at is null
    cross join lateral (
      select coalesce(p_org, (select g.org_id from organization_slugs g where g.slug = p_org_slug)) id
    ) o
    left join lateral directory.holding(s.user_id, o.id, coalesce(p_workspace, (
      select w.id from workspaces w where w.org_id = o.id and w.slug = p_workspace_slug))) h on true
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;

grant select on organization_slugs to tenantry_directory;

grant create on schema directory to tenantry_directory;
alter function directory.holding owner to tenantry_directory;
alter function directory.own_holding owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

revoke execute on function directory.holding, directory.own_holding from public;
grant execute on function directory.holding, directory.own_holding to tenantry_service;
