-- What an email is sealed with, and why it was not sent. An email of an earlier release has no key_id: every
-- service tries its own keys on it.
alter table letters add column key_id text, add column last_error text;
alter table account_letters add column key_id text, add column last_error text;

-- An email that has failed keeps what was sealed, so that it can be queued again.
alter table letters drop constraint letters_check;
alter table letters add constraint letters_sealed check (
  case state when 'queued' then sealed is not null when 'sent' then sealed is null else true end
) not valid;
alter table account_letters drop constraint account_letters_check;
alter table account_letters add constraint account_letters_sealed check (
  case state when 'queued' then sealed is not null when 'sent' then sealed is null else true end
) not valid;

-- Organizations take turns: the next due email is looked for within each.
create index letters_queued on letters (org_id, next_attempt_at) where state = 'queued';
drop index letters_due;

-- The secret keys that this database has been served with, the one in use last.
create table secret_keys (
  fingerprint text primary key,
  adopted_at timestamptz not null
);
grant select, insert, update on secret_keys to tenantry_service;
grant select on account_letters to tenantry_directory;

-- The oldest due email of each organization that follows p_after, up to p_until, sealed with one of p_keys.
-- `due_letters` is what the release before this one asks, while both run.
create function directory.due_emails(
  p_after uuid, p_until uuid, p_keys text[], p_limit int, out org_id uuid, out id uuid
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  with recursive waiting as (
    (select l.org_id from letters l
      where l.state = 'queued' and l.org_id > p_after and l.org_id <= p_until
      order by l.org_id limit 1)
    union all
    select (select l.org_id from letters l
             where l.state = 'queued' and l.org_id > w.org_id and l.org_id <= p_until
             order by l.org_id limit 1)
      from waiting w where w.org_id is not null
  )
  select w.org_id, due.id
    from waiting w
   cross join lateral (
     select l.id from letters l
      where l.org_id = w.org_id and l.state = 'queued' and l.next_attempt_at <= now()
        and (l.key_id is null or l.key_id = any (p_keys))
      order by l.next_attempt_at limit 1
   ) due
   limit p_limit
$$;

-- Emails of all tenants and accounts that were not sent, the newest first; of one state, or sealed with none of
-- p_keys, if wanted.
create function directory.unsent_emails(
  p_low uuid, p_high uuid, p_limit int, p_state text, p_keys text[],
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
            from letters l where l.state in ('queued', 'failed')
          union all
          select a.id, null, a.recipient, a.state, a.attempts, a.created_at, a.next_attempt_at,
                 a.settled_at, a.last_error, a.key_id, a.sealed
            from account_letters a where a.state in ('queued', 'failed')) e
   where e.id > p_low and e.id < p_high
     and (p_state is null or e.state = p_state)
     and (p_keys is null or (e.state = 'queued' and e.key_id <> all (p_keys)))
   order by e.id desc limit p_limit
$$;

grant create on schema directory to tenantry_directory;
alter function directory.due_emails owner to tenantry_directory;
alter function directory.unsent_emails owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

revoke execute on function directory.due_emails, directory.unsent_emails from public;
grant execute on function directory.due_emails, directory.unsent_emails to tenantry_service;
