-- Organizations, and who may do what in them. Every row of a tenant table belongs to one organization,
-- and its keys begin with `org_id`.

-- The product's own permissions: operators declare them, roles of organizations hold them.
create table permissions (
  name text primary key check (name ~ '^[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}$'),
  description text not null default '' check (length(description) <= 500),
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table organization_slugs (
  slug text primary key,
  org_id uuid not null
);

create table organizations (
  org_id uuid primary key,
  name varchar(100) not null,
  slug varchar(48) not null,
  kind text not null,
  locale text not null default 'en',
  metadata jsonb not null default '{}',
  default_workspace_id uuid not null,
  -- Whose personal organization it is.
  owner_id uuid,
  -- Who created it, for the limit on how many one person may create.
  created_by uuid,
  -- Orders all changes of access in the organization.
  revision bigint not null default 1,
  disabled_at timestamptz,
  status_reason varchar(500),
  deleted_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint organizations_shape check (
    name <> '' and slug ~ '^[a-z0-9](-?[a-z0-9])+$'
    and case kind when 'team' then owner_id is null
                  when 'personal' then owner_id is not null
                  else false end)
);
-- A person has at most one personal organization. The registry of addresses enforces that, because a
-- unique index across tenants would tell one of them about another; this index only finds it.
create index organizations_by_owner on organizations (owner_id, org_id) where owner_id is not null;
create index organizations_deleted on organizations (deleted_at) where deleted_at is not null;

create table workspaces (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  name varchar(100) not null,
  slug varchar(48) not null,
  description varchar(500) not null default '',
  is_default boolean not null default false,
  visibility text not null default 'organization',
  metadata jsonb not null default '{}',
  archived_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  constraint workspaces_slug unique (org_id, slug),
  constraint workspaces_shape check (
    name <> '' and slug ~ '^[a-z0-9](-?[a-z0-9])+$' and visibility in ('organization', 'private'))
);
create unique index workspaces_default on workspaces (org_id) where is_default;

alter table organizations add constraint organizations_default_workspace
  foreign key (org_id, default_workspace_id) references workspaces (org_id, id)
  deferrable initially deferred;

-- A deleted role stays for the record, because settled invitations name it; its key is free again.
create table roles (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  key varchar(48) not null,
  name varchar(100) not null,
  description varchar(500) not null default '',
  permissions text[] not null,
  is_default boolean not null default false,
  retired_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  constraint roles_shape check (key <> '' and name <> '')
);
create unique index roles_key on roles (org_id, key) where retired_at is null;
-- Which roles hold a permission of the product. Default roles never do by name, so that a new
-- organization does not pay for this index.
create index roles_by_permission on roles using gin (permissions)
  where not is_default and retired_at is null;

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
create index memberships_by_role on memberships (org_id, role_id, id);

create table workspace_memberships (
  org_id uuid not null,
  workspace_id uuid not null,
  membership_id uuid not null,
  role_id uuid not null,
  created_at timestamptz not null,
  -- When the role was last changed; null if it never was.
  updated_at timestamptz,
  primary key (org_id, workspace_id, membership_id),
  foreign key (org_id, workspace_id) references workspaces (org_id, id) on delete cascade,
  foreign key (org_id, membership_id) references memberships (org_id, id) on delete cascade,
  foreign key (org_id, role_id) references roles (org_id, id)
);
create index workspace_memberships_by_role on workspace_memberships (org_id, role_id);
create index workspace_memberships_of_member
  on workspace_memberships (org_id, membership_id, workspace_id);
