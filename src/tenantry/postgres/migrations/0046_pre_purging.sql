-- Purging goes from one organization to the next, so that one that cannot be purged holds up no other.
-- The function of before stays for the release before.
create or replace function directory.purgeable_organizations_after(p_after uuid, p_limit int)
returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select org_id from organizations
   where deleted_at <= now() - interval '30 days' and org_id > p_after order by org_id limit p_limit
$$;

grant create on schema directory to tenantry_directory;
alter function directory.purgeable_organizations_after owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;
revoke execute on function directory.purgeable_organizations_after from public;
grant execute on function directory.purgeable_organizations_after to tenantry_service;
