-- The next p_limit organizations, and whether they have events from before a time. Ids of events are in
-- the order of time, so that an id represents a time.
create or replace function directory.organizations_with_events_before(
  p_after uuid, p_limit int, p_before uuid, out org_id uuid, out is_due boolean
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, exists (select from events e where e.org_id = o.org_id and e.id < p_before)
    from (select org_id from organizations where org_id > p_after order by org_id limit p_limit) o
   order by o.org_id
$$;
