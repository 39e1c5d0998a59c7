-- Since when the oldest email of all organizations has been waiting; null if none waits.
create or replace function directory.oldest_queued_email() returns timestamptz
language sql stable security definer set search_path = public, pg_temp
as $$
  select min(created_at) from emails where state = 'queued'
$$;
