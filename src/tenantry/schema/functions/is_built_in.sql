-- Whether a permission is built in, by its noun.
-- `make openapi` writes this from authz/builtin_permissions.py.
create or replace function directory.is_built_in(p_permission text) returns boolean
language sql immutable
as $$
  select split_part(p_permission, ':', 1) = any (array[
    'organization',
    'member',
    'role',
    'workspace',
    'event',
    'webhook',
    'api_key'
  ])
$$;
