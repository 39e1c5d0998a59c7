create table invitations (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  email text not null check (length(email) <= 254),
  role_id uuid not null,
  status text not null default 'pending'
    check (status in ('pending', 'accepted', 'declined', 'revoked', 'expired')),
  message text not null default '' check (length(message) <= 500),
  invited_by uuid not null,
  -- No foreign key: the record that somebody joined outlives the membership.
  membership_id uuid,
  email_id uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, role_id) references roles (org_id, id),
  foreign key (org_id, email_id) references emails (org_id, id),
  check ((status = 'accepted') = (membership_id is not null))
);
create unique index invitations_pending on invitations (org_id, email) where status = 'pending';
create index invitations_by_status on invitations (org_id, status, id);
create index invitations_by_role on invitations (org_id, role_id);
create index invitations_by_email_id on invitations (org_id, email_id);
-- A person's own invitations are found by address, across tenants, in the order of their ids.
create index invitations_by_email on invitations (email, id);

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
create index invitation_workspaces_by_role on invitation_workspaces (org_id, role_id);
create index invitation_workspaces_by_workspace on invitation_workspaces (org_id, workspace_id);

-- The tokens in invitation emails. `replaced_at` is set once a newer email has been sent.
create table invitation_tokens (
  digest bytea primary key,
  org_id uuid not null,
  invitation_id uuid not null,
  replaced_at timestamptz
);
create index invitation_tokens_by_invitation on invitation_tokens (org_id, invitation_id);
create index invitation_tokens_by_organization on invitation_tokens (org_id);
