-- The personal organization of a person; null if there is none.
create or replace function directory.personal_organization(p_user uuid) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select org_id from organizations where owner_id = p_user
$$;
