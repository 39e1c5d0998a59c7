-- Deleted organizations that can no longer be restored. A worker then acts as each one's tenant, from one
-- to the next, so that one that cannot be purged holds up no other.
create or replace function directory.purgeable_organizations(p_after uuid, p_limit int)
returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select org_id from organizations
   where deleted_at <= now() - interval '30 days' and org_id > p_after order by org_id limit p_limit
$$;
