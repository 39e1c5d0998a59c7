-- The oldest due email of each organization that follows p_after, up to p_until, sealed with one of p_keys.
create or replace function directory.due_emails(
  p_after uuid, p_until uuid, p_keys text[], p_limit int, out org_id uuid, out id uuid
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  with recursive waiting as (
    (select l.org_id from emails l
      where l.state = 'queued' and l.org_id > p_after and l.org_id <= p_until
      order by l.org_id limit 1)
    union all
    select (select l.org_id from emails l
             where l.state = 'queued' and l.org_id > w.org_id and l.org_id <= p_until
             order by l.org_id limit 1)
      from waiting w where w.org_id is not null
  )
  select w.org_id, due.id
    from waiting w
   cross join lateral (
     select l.id from emails l
      where l.org_id = w.org_id and l.state = 'queued' and l.next_attempt_at <= now()
        and (l.key_id is null or l.key_id = any (p_keys))
      order by l.next_attempt_at limit 1
   ) due
   limit p_limit
$$;
