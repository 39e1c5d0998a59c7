-- The foundation. Rules: ARCHITECTURE.md, "The schema's rules".
--
-- Three roles share the work. Whoever runs this owns the tables. `tenantry_service` owns nothing and
-- is bound by row security: the service's login is a member of it. `tenantry_directory` may only
-- SELECT, and nobody logs in as it: it owns the few functions that look across tenants.

create schema directory;

-- Registries and global tables: rows of no tenant, or the keys that are unique across all of them.

create table users (
  id uuid primary key,
  email text not null check (length(email) <= 254),
  email_verified_at timestamptz,
  name text not null check (length(name) between 1 and 100),
  password_hash text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table emails (
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

create table refresh_tokens (
  digest bytea primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_by_session on refresh_tokens (session_id);

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

create table account_letters (
  id uuid primary key,
  recipient text not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  sealed bytea,
  created_at timestamptz not null,
  settled_at timestamptz,
  check ((state = 'queued') = (sealed is not null))
);
create index account_letters_due on account_letters (next_attempt_at) where state = 'queued';

create table account_events (
  id uuid primary key,
  user_id uuid not null,
  action text not null,
  occurred_at timestamptz not null,
  request_id text,
  changes jsonb not null
);
create index account_events_by_user on account_events (user_id, id);

create table organization_slugs (
  slug text primary key,
  org_id uuid not null
);

create table invitation_tokens (
  digest bytea primary key,
  org_id uuid not null,
  invitation_id uuid not null
);

create table idempotency_keys (
  user_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,
  created_at timestamptz not null,
  status smallint,
  headers jsonb,
  body bytea,
  primary key (user_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Tenant tables: every row belongs to one organization and says so first.

create table organizations (
  org_id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  slug text not null check (slug ~ '^[a-z0-9](-?[a-z0-9])*$' and length(slug) between 2 and 48),
  kind text not null check (kind in ('personal', 'team')),
  locale text not null default 'en',
  metadata jsonb not null default '{}',
  default_workspace_id uuid not null,
  owner_id uuid,
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  check ((kind = 'personal') = (owner_id is not null))
);
-- One personal organization a person; across tenants only the directory could tell, so this index
-- serves it, and the registry of e-mail addresses holds the promise itself.
create index organizations_by_owner on organizations (owner_id, org_id) where owner_id is not null;

create table workspaces (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  slug text not null check (slug ~ '^[a-z0-9](-?[a-z0-9])*$' and length(slug) between 2 and 48),
  description text not null default '' check (length(description) <= 500),
  is_default boolean not null default false,
  visibility text not null default 'organization' check (visibility in ('organization', 'private')),
  metadata jsonb not null default '{}',
  archived_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  constraint workspaces_slug unique (org_id, slug)
);
create unique index workspaces_default on workspaces (org_id) where is_default;
alter table organizations add constraint organizations_default_workspace
  foreign key (org_id, default_workspace_id) references workspaces (org_id, id)
  deferrable initially deferred;

create table roles (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  key text not null check (length(key) between 1 and 48),
  name text not null check (length(name) between 1 and 100),
  description text not null default '' check (length(description) <= 500),
  permissions text[] not null,
  is_default boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  constraint roles_key unique (org_id, key)
);

create table memberships (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  status text not null default 'active' check (status in ('active', 'suspended')),
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  constraint memberships_user unique (org_id, user_id),
  foreign key (org_id, role_id) references roles (org_id, id)
);
create index memberships_by_user on memberships (user_id, org_id);
create index memberships_by_role on memberships (org_id, role_id);

create table workspace_memberships (
  org_id uuid not null,
  workspace_id uuid not null,
  membership_id uuid not null,
  role_id uuid not null,
  created_at timestamptz not null,
  primary key (org_id, workspace_id, membership_id),
  foreign key (org_id, workspace_id) references workspaces (org_id, id) on delete cascade,
  foreign key (org_id, membership_id) references memberships (org_id, id) on delete cascade,
  foreign key (org_id, role_id) references roles (org_id, id)
);
create index workspace_memberships_by_membership on workspace_memberships (org_id, membership_id);

create table letters (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  recipient text not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  sealed bytea,
  created_at timestamptz not null,
  settled_at timestamptz,
  primary key (org_id, id),
  check ((state = 'queued') = (sealed is not null))
);
create index letters_due on letters (next_attempt_at) where state = 'queued';

create table invitations (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  email text not null check (length(email) <= 254),
  role_id uuid not null,
  status text not null default 'pending'
    check (status in ('pending', 'accepted', 'declined', 'revoked', 'expired')),
  message text not null default '' check (length(message) <= 500),
  invited_by uuid not null,
  membership_id uuid,
  letter_id uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, role_id) references roles (org_id, id),
  foreign key (org_id, letter_id) references letters (org_id, id),
  -- No key onto memberships: the record that someone joined outlives the membership.
  check ((status = 'accepted') = (membership_id is not null))
);
create unique index invitations_pending on invitations (org_id, email) where status = 'pending';
create index invitations_by_role on invitations (org_id, role_id);

create table invitation_workspaces (
  org_id uuid not null,
  invitation_id uuid not null,
  workspace_id uuid not null,
  role_id uuid not null,
  primary key (org_id, invitation_id, workspace_id),
  foreign key (org_id, invitation_id) references invitations (org_id, id) on delete cascade,
  foreign key (org_id, workspace_id) references workspaces (org_id, id) on delete cascade,
  foreign key (org_id, role_id) references roles (org_id, id)
);

create table events (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  action text not null,
  actor_type text not null,
  actor_id uuid,
  actor_name text not null,
  targets jsonb not null,
  changes jsonb not null,
  occurred_at timestamptz not null,
  request_id text,
  primary key (org_id, id)
);
