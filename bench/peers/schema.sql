-- The tables of both peers, each in a database of its own: what anybody would make for this.

create table users (
    id uuid primary key,
    email text not null unique,
    name text not null,
    created_at timestamptz not null default now()
);

create table sessions (
    id uuid primary key,
    user_id uuid not null references users (id),
    expires_at timestamptz not null,
    ended_at timestamptz
);

create table organizations (
    id uuid primary key,
    name text not null,
    slug text not null,
    kind text not null default 'team',
    locale text not null default 'en',
    metadata jsonb not null default '{}',
    default_workspace_id uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table workspaces (
    organization_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    name text not null,
    slug text not null,
    description text not null default '',
    is_default boolean not null default false,
    visibility text not null default 'organization',
    metadata jsonb not null default '{}',
    archived_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, id),
    unique (organization_id, slug)
);

create table roles (
    organization_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    key text not null,
    name text not null,
    description text not null default '',
    permissions text[] not null,
    is_default boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, id),
    unique (organization_id, key)
);

create table memberships (
    organization_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    user_id uuid not null references users (id),
    role_id uuid not null,
    status text not null default 'active',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, id),
    unique (organization_id, user_id),
    foreign key (organization_id, role_id) references roles (organization_id, id)
);
create index memberships_by_user on memberships (user_id, organization_id);

create table invitations (
    organization_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    email text not null,
    role_id uuid not null,
    status text not null default 'pending',
    token_digest bytea not null unique,
    invited_by uuid not null references users (id),
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (organization_id, id),
    foreign key (organization_id, role_id) references roles (organization_id, id)
);
create unique index invitations_pending on invitations (organization_id, email)
    where status = 'pending';
