-- Credentials of programs. An organization's API keys belong to a member or to a service account; a
-- service key belongs to the product, and to no organization.

create table service_accounts (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  role_id uuid not null,
  -- Null: the whole organization.
  workspace_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, role_id) references roles (org_id, id),
  foreign key (org_id, workspace_id) references workspaces (org_id, id)
);
create index service_accounts_by_role on service_accounts (org_id, role_id);
create index service_accounts_by_workspace on service_accounts (org_id, workspace_id)
  where workspace_id is not null;

-- A member's own key has a role and perhaps a workspace; a service account's key has those of the account.
create table api_keys (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  membership_id uuid,
  role_id uuid,
  workspace_id uuid,
  service_account_id uuid,
  hint text not null check (length(hint) <= 40),
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, membership_id) references memberships (org_id, id),
  foreign key (org_id, role_id) references roles (org_id, id),
  foreign key (org_id, workspace_id) references workspaces (org_id, id),
  foreign key (org_id, service_account_id) references service_accounts (org_id, id),
  check (num_nonnulls(membership_id, service_account_id) = 1),
  check ((membership_id is null) = (role_id is null)),
  check (workspace_id is null or membership_id is not null)
);
create index api_keys_by_membership on api_keys (org_id, membership_id)
  where membership_id is not null;
create index api_keys_by_role on api_keys (org_id, role_id) where role_id is not null;
create index api_keys_by_workspace on api_keys (org_id, workspace_id) where workspace_id is not null;
create index api_keys_by_service_account on api_keys (org_id, service_account_id, id)
  where service_account_id is not null;

-- A key has one secret, and for a while a second one that the newer secret replaces.
create table api_key_secrets (
  digest bytea primary key,
  org_id uuid not null,
  key_id uuid not null,
  -- Who was shown the secret. It ends when that person turns out to have signed up with someone else's
  -- address, whoever owns the key.
  shown_to uuid,
  expires_at timestamptz,
  created_at timestamptz not null
);
create index api_key_secrets_by_key on api_key_secrets (org_id, key_id);

create table service_keys (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  hint text not null check (length(hint) <= 40),
  created_by uuid not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table service_key_secrets (
  digest bytea primary key,
  key_id uuid not null references service_keys (id) on delete cascade,
  expires_at timestamptz,
  created_at timestamptz not null
);
create index service_key_secrets_by_key on service_key_secrets (key_id);
