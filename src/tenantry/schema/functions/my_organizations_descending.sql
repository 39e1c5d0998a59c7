-- As `my_organizations`, the newest first.
create or replace function directory.my_organizations_descending(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text,
  out org_id uuid, out name text, out slug text, out kind text, out locale text, out metadata jsonb,
  out default_workspace_id uuid, out created_at timestamptz, out updated_at timestamptz,
  out role_id uuid, out role_key text, out role_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind, o.locale, o.metadata, o.default_workspace_id,
         o.created_at, o.updated_at, m.role_id, m.role_key, m.role_name
    from directory.active_memberships() m
    join organizations o on o.org_id = m.org_id
     and o.deleted_at is null and o.disabled_at is null
   where m.user_id = p_user and m.org_id > p_low and m.org_id < p_high
     and (p_slug is null or o.slug = p_slug)
     and exists (select from directory.active_session(p_session, p_user))
   order by m.org_id desc limit p_limit
$$;
