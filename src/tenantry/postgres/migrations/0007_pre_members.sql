-- Members through their whole life, and leaving.

-- When a role in a workspace was last changed; null where it is as it was given.
alter table workspace_memberships add column if not exists updated_at timestamptz;

-- The members of one role, in the order of a list's pages; what the shorter index served, too.
create index if not exists memberships_by_role_in_order on memberships (org_id, role_id, id);
drop index if exists memberships_by_role;

-- What goes with a person, or with an organization, is found without reading through everything.
create index if not exists account_letters_by_recipient on account_letters (recipient);
create index if not exists invitation_tokens_by_organization on invitation_tokens (org_id);

-- Where a person belongs, whatever the terms: who deletes their account leaves all of it.
create or replace function directory.belonging_of(p_user uuid, out org_id uuid)
returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select m.org_id from memberships m where m.user_id = p_user order by m.org_id
$$;

-- A function's owner needs CREATE on its schema at the moment that it becomes the owner.
grant create on schema directory to tenantry_directory;
alter function directory.belonging_of owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;
revoke execute on function directory.belonging_of from public;
grant execute on function directory.belonging_of to tenantry_service;
