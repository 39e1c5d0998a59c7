-- All organizations of a person, whatever the state of the membership: who deletes their account leaves
-- all of them.
create or replace function directory.organizations_of(p_user uuid, out org_id uuid)
returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select m.org_id from memberships m where m.user_id = p_user order by m.org_id
$$;
