-- As `operator_organizations`, the newest first.
create or replace function directory.operator_organizations_descending(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text, p_status text,
  out id uuid, out name text, out slug text, out kind text, out members int, out workspaces int,
  out created_at timestamptz, out deleted_at timestamptz, out disabled_at timestamptz,
  out status_reason text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind,
         (select count(*)::int from memberships m where m.org_id = o.org_id),
         (select count(*)::int from workspaces w where w.org_id = o.org_id),
         o.created_at, o.deleted_at, o.disabled_at, o.status_reason
    from organizations o
   where o.org_id > p_low and o.org_id < p_high
     and (p_slug is null or o.slug = p_slug)
     and case p_status when 'live' then o.deleted_at is null and o.disabled_at is null
                       when 'deleted' then o.deleted_at is not null
                       when 'disabled' then o.disabled_at is not null
                       else true end
     and exists (select from directory.active_session(p_session, p_user) s
                   join operators p on p.user_id = s.user_id)
   order by o.org_id desc limit p_limit
$$;
