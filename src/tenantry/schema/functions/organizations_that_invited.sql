-- Which organizations invited an address before a time.
create or replace function directory.organizations_that_invited(p_email text, p_before timestamptz)
returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select distinct org_id from invitations where email = p_email and created_at <= p_before
$$;
