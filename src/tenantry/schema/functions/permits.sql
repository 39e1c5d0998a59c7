-- Whether a role permits something; Admin permits all permissions of the product as well.
create or replace function directory.permits(
  p_key text, p_held text[], p_permission text, p_declared boolean
) returns boolean
language sql immutable
as $$
  select coalesce(p_permission = any (p_held) or (p_key = 'admin' and p_declared), false)
$$;
