-- The role by which a key sees workspaces, unless it is bound to one: an Admin's key sees as its member does.
create or replace function directory.key_viewer_role(p_role_key text, p_member_key text) returns text
language sql immutable
as $$
  select case when p_role_key = 'admin' then coalesce(p_member_key, p_role_key) end
$$;
