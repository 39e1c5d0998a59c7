-- The outbox: emails wait here, sealed with the secret key `key_id`, until they are sent. A sent email
-- loses its content; a failed one keeps it, so that it can be queued again.

-- Emails of organizations.
create table emails (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  recipient text not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  key_id text,
  sealed bytea,
  last_error text,
  created_at timestamptz not null,
  settled_at timestamptz,
  primary key (org_id, id),
  constraint emails_sealed check (
    case state when 'queued' then sealed is not null when 'sent' then sealed is null else true end)
);
-- Organizations take turns: the next due email is looked up within each.
create index emails_queued on emails (org_id, next_attempt_at) where state = 'queued';
create index emails_failed on emails (org_id, id) where state = 'failed';
create index emails_settled on emails (org_id, settled_at) where settled_at is not null;
-- How often an organization wrote to an address lately: notifications have a limit.
create index emails_by_recipient on emails (org_id, recipient, created_at);

-- Emails about a person's account, such as those that confirm an address.
create table account_emails (
  id uuid primary key,
  recipient text not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  key_id text,
  sealed bytea,
  last_error text,
  created_at timestamptz not null,
  settled_at timestamptz,
  constraint account_emails_sealed check (
    case state when 'queued' then sealed is not null when 'sent' then sealed is null else true end)
);
create index account_emails_due on account_emails (next_attempt_at) where state = 'queued';
create index account_emails_failed on account_emails (id) where state = 'failed';
create index account_emails_settled on account_emails (settled_at) where settled_at is not null;
create index account_emails_by_recipient on account_emails (recipient);

-- The secret keys that this database has been served with; the latest is in use.
create table secret_keys (
  fingerprint text primary key,
  adopted_at timestamptz not null
);
