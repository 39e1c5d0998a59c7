-- One organization as operators see it.
create or replace function directory.operator_organization(
  p_session uuid, p_user uuid, p_org uuid,
  out id uuid, out name text, out slug text, out kind text, out members int, out workspaces int,
  out created_at timestamptz, out deleted_at timestamptz, out disabled_at timestamptz,
  out status_reason text
) returns setof record
language sql stable security definer set search_path = public, pg_temp rows 1
as $$
  select o.org_id, o.name, o.slug, o.kind,
         (select count(*)::int from memberships m where m.org_id = o.org_id),
         (select count(*)::int from workspaces w where w.org_id = o.org_id),
         o.created_at, o.deleted_at, o.disabled_at, o.status_reason
    from organizations o
   where o.org_id = p_org
     and exists (select from directory.active_session(p_session, p_user) s
                   join operators p on p.user_id = s.user_id)
$$;
