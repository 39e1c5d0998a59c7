-- People, how they sign in, and what is left to do when they leave. None of these rows belongs to an
-- organization. No foreign key leads to `users`: people may be kept elsewhere one day.

create table users (
  id uuid primary key,
  email varchar(254) not null,
  email_verified_at timestamptz,
  name varchar(100) not null,
  password_hash text,
  -- Set while an operator has suspended the person; the reason is that of the last act, either way.
  disabled_at timestamptz,
  status_reason varchar(500),
  organizations_created int not null default 0,
  organizations_allowed int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- One check per table, and lengths in the types: PostgreSQL parses each check again for each statement
  -- that writes.
  constraint users_shape check (name <> ''),
  constraint users_organizations check (organizations_created <= organizations_allowed)
);
create index users_unverified on users (id) where email_verified_at is null;

-- Which address belongs to whom.
create table email_addresses (
  address text primary key,
  user_id uuid not null
);

create table sessions (
  id uuid primary key,
  user_id uuid not null,
  user_agent text not null default '',
  network text not null default '',
  created_at timestamptz not null,
  refreshed_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index sessions_by_user on sessions (user_id, id) where ended_at is null;
create index sessions_by_expiry on sessions (expires_at);
create index sessions_by_end on sessions (ended_at) where ended_at is not null;

create table refresh_tokens (
  digest bytea primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_by_session on refresh_tokens (session_id);
create index refresh_tokens_by_use on refresh_tokens (used_at) where used_at is not null;

create table account_tokens (
  digest bytea primary key,
  user_id uuid not null,
  purpose text not null check (purpose in ('verify_email', 'reset_password')),
  email text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index account_tokens_by_user on account_tokens (user_id, purpose);
create index account_tokens_by_expiry on account_tokens (expires_at);

-- People as a trusted issuer knows them. The row outlives its person: tokens issued until
-- `refused_until` never count again.
create table identities (
  issuer text collate "C" not null check (length(issuer) between 1 and 255),
  subject text collate "C" not null check (length(subject) between 1 and 255),
  user_id uuid,
  -- The session of all calls with the issuer's tokens. No foreign key: ended sessions are deleted.
  session_id uuid,
  refused_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (issuer, subject),
  check ((user_id is null) = (session_id is null))
);
create index identities_by_user on identities (user_id) where user_id is not null;

create table operators (
  user_id uuid primary key,
  added_at timestamptz not null
);

-- The audit log of an account.
create table account_events (
  id uuid primary key,
  user_id uuid not null,
  -- Who did it, where it was not the person themselves.
  actor_id uuid,
  action text not null,
  occurred_at timestamptz not null,
  request_id text,
  changes jsonb not null
);
create index account_events_by_user on account_events (user_id, id);

-- In which organizations' events somebody is named who is not a member there (any more). `subject_id` is
-- what the events call them by: the membership, or the person.
create table mentions (
  user_id uuid not null,
  org_id uuid not null,
  subject_id uuid not null,
  primary key (user_id, org_id, subject_id)
);
create index mentions_by_organization on mentions (org_id);

-- What is left to erase of a person who has gone, and how far that has come. `email` is null where the
-- person had never confirmed the address.
create table erasures (
  user_id uuid primary key,
  email text,
  requested_at timestamptz not null,
  events_after uuid not null default '00000000-0000-0000-0000-000000000000',
  answers_after timestamptz not null default 'epoch'
);
