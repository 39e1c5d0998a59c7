-- Whether a permission counts where a role is held in one workspace only: some that are built in,
-- and all of a product's own. `make openapi` writes this from authz/builtin_permissions.py.
create or replace function directory.counts_in_workspace(p_permission text) returns boolean
language sql immutable
as $$
  select p_permission = any (array[
    'workspace:read',
    'workspace:update',
    'workspace:delete',
    'workspace:manage_members'
  ]) or not directory.is_built_in(p_permission)
$$;
