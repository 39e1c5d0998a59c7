-- Erasing a person: the account ends at once, and a job removes the rest piece by piece. What a job may
-- change of events is how they name somebody, and nothing else.

-- In which organizations' events somebody is named who is no member there (any more): written where a
-- membership ends, where an operator acts, and where somebody answers an invitation. `subject_id` is what
-- the events call them by: the membership, or the person. A registry, for it is asked for by person.
create table if not exists mentions (
  user_id uuid not null,
  org_id uuid not null,
  subject_id uuid not null,
  primary key (user_id, org_id, subject_id)
);
create index if not exists mentions_by_organization on mentions (org_id);

-- What is left to erase of a person who has gone, and how far that has come. `email` is null where the
-- account had never proven that the address was its own.
create table if not exists erasures (
  user_id uuid primary key,
  email text,
  requested_at timestamptz not null,
  events_after uuid not null default '00000000-0000-0000-0000-000000000000',
  answers_after timestamptz not null default 'epoch'
);

create index if not exists account_letters_by_recipient on account_letters (recipient);

grant select, insert, update, delete on mentions, erasures to tenantry_service;
grant update (actor_name, targets, changes), delete on events to tenantry_service;
grant update (changes), delete on account_events to tenantry_service;
grant select on events to tenantry_directory;

-- Which organizations invited an address before a time.
create or replace function directory.organizations_inviting(p_email text, p_before timestamptz)
returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select distinct org_id from invitations where email = p_email and created_at <= p_before
$$;

-- Who acted somewhere before this step, member or not: a mention too many costs one look.
create or replace function directory.actors_of_the_past(out user_id uuid, out org_id uuid)
returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select distinct actor_id, org_id from events
   where actor_type in ('user', 'operator') and actor_id is not null
$$;

grant create on schema directory to tenantry_directory;
alter function directory.organizations_inviting owner to tenantry_directory;
alter function directory.actors_of_the_past owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

insert into mentions (user_id, org_id, subject_id)
select user_id, org_id, user_id from directory.actors_of_the_past() on conflict do nothing;
drop function directory.actors_of_the_past();

revoke execute on all functions in schema directory from public;
grant execute on all functions in schema directory to tenantry_service;
