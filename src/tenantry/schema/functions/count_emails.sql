-- How many emails of all organizations wait to be sent, and how many have failed for good.
create or replace function directory.count_emails(out queued bigint, out failed bigint)
language sql stable security definer set search_path = public, pg_temp
as $$
  select (select count(*) from emails where state = 'queued'),
         (select count(*) from emails where state = 'failed')
$$;
