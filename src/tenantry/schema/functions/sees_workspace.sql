-- Whether somebody sees a workspace: the one rule. It is open to the organization, or they are an Admin, or
-- have a role in it.
create or replace function directory.sees_workspace(
  p_visibility text, p_role_key text, p_has_role boolean
) returns boolean
language sql immutable
as $$
  select p_visibility = 'organization' or p_role_key is not distinct from 'admin' or p_has_role
$$;
