-- How many roles hold a permission by name, and in how many organizations.
create or replace function directory.permission_uses(
  p_name text, out roles int, out organizations int
)
language sql stable security definer set search_path = public, pg_temp
as $$
  select count(*)::int, count(distinct org_id)::int from roles
   where permissions @> array[p_name] and not is_default and retired_at is null
$$;
