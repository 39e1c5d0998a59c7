-- Emails of all organizations and accounts that were not sent, in either order; of one state, or sealed with
-- none of p_keys, if wanted.
create or replace function directory.unsent_emails(
  p_low uuid, p_high uuid, p_limit int, p_state text, p_keys text[], p_descending boolean,
  out id uuid, out org_id uuid, out recipient text, out state text, out attempts int,
  out created_at timestamptz, out next_attempt_at timestamptz, out settled_at timestamptz,
  out last_error text, out key_id text, out kept boolean
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select e.id, e.org_id, e.recipient, e.state, e.attempts, e.created_at, e.next_attempt_at,
         e.settled_at, coalesce(e.last_error, ''), e.key_id, e.sealed is not null
    from (select l.id, l.org_id, l.recipient, l.state, l.attempts, l.created_at, l.next_attempt_at,
                 l.settled_at, l.last_error, l.key_id, l.sealed
            from emails l where l.state in ('queued', 'failed')
          union all
          select a.id, null, a.recipient, a.state, a.attempts, a.created_at, a.next_attempt_at,
                 a.settled_at, a.last_error, a.key_id, a.sealed
            from account_emails a where a.state in ('queued', 'failed')) e
   where e.id > p_low and e.id < p_high
     and (p_state is null or e.state = p_state)
     and (p_keys is null or (e.state = 'queued' and e.key_id <> all (p_keys)))
   order by case when p_descending then e.id end desc, e.id limit p_limit
$$;
