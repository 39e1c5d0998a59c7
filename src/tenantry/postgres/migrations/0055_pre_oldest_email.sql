-- Since when the oldest email of all organizations waits to be sent; null where none waits. New in place of a
-- column of `count_letters`, which the release before this one asks while both run.
create function directory.oldest_queued_email() returns timestamptz
language sql stable security definer set search_path = public, pg_temp
as $$
  select min(created_at) from letters where state = 'queued'
$$;

grant create on schema directory to tenantry_directory;
alter function directory.oldest_queued_email owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

revoke execute on function directory.oldest_queued_email from public;
grant execute on function directory.oldest_queued_email to tenantry_service;
