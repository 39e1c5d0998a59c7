-- What housekeeping looks for, by age; and what operators want to know of the outbox.

create index sessions_by_expiry on sessions (expires_at);
create index sessions_by_end on sessions (ended_at) where ended_at is not null;
create index refresh_tokens_by_use on refresh_tokens (used_at) where used_at is not null;
create index account_tokens_by_expiry on account_tokens (expires_at);
create index account_letters_settled on account_letters (settled_at) where settled_at is not null;
create index account_letters_failed on account_letters (id) where state = 'failed';
create index letters_settled on letters (settled_at) where settled_at is not null;
create index letters_failed on letters (org_id, id) where state = 'failed';
create index invitations_by_letter on invitations (org_id, letter_id);

grant select on letters, invitations to tenantry_directory;

-- How many letters of all tenants wait to be sent, and how many have failed for good.
create function directory.count_letters(out queued bigint, out failed bigint)
language sql stable security definer set search_path = public, pg_temp
as $$
  select (select count(*) from letters where state = 'queued'),
         (select count(*) from letters where state = 'failed')
$$;

-- Letters of all tenants that were settled before a time and that no invitation tells the delivery of:
-- housekeeping then acts as each one's tenant.
create function directory.settled_letters(
  p_before timestamptz, p_limit int, out org_id uuid, out id uuid
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select l.org_id, l.id from letters l
   where l.settled_at < p_before
     and not exists (select from invitations i where i.org_id = l.org_id and i.letter_id = l.id)
   order by l.settled_at limit p_limit
$$;

grant create on schema directory to tenantry_directory;
alter function directory.count_letters owner to tenantry_directory;
alter function directory.settled_letters owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

revoke execute on function directory.count_letters, directory.settled_letters from public;
grant execute on function directory.count_letters, directory.settled_letters to tenantry_service;
