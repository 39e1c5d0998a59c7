-- As `user_access`, for the bearer of a token, with organization and workspace by id or by slug. There is a row
-- whenever the session is valid; membership_id is null for a stranger.
create or replace function directory.own_access(
  p_session uuid, p_user uuid,
  p_org uuid, p_org_slug text, p_workspace uuid, p_workspace_slug text,
  out org_id uuid, out membership_id uuid, out role_key text, out permissions text[],
  out workspace_id uuid, out workspace_permissions text[]
) returns setof record
language sql stable security definer set search_path = public, pg_temp rows 1
as $$
  select o.id, h.membership_id, h.role_key, h.permissions, h.workspace_id, h.workspace_permissions
    from directory.active_session(p_session, p_user) s
    cross join lateral (
      select coalesce(p_org, (select g.org_id from organization_slugs g where g.slug = p_org_slug)) id
    ) o
    left join lateral directory.user_access(s.user_id, o.id, coalesce(p_workspace, (
      select w.id from workspaces w where w.org_id = o.id and w.slug = p_workspace_slug))) h on true
$$;
