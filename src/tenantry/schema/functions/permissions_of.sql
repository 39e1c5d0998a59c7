-- All that a role permits: what it holds by name, and for Admin all permissions of the product.
create or replace function directory.permissions_of(p_key text, p_held text[]) returns text[]
language sql stable
as $$
  select case when p_key = 'admin'
              then p_held || array(select name from public.permissions order by name)
              else p_held end
$$;
