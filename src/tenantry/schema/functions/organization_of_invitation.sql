-- The organization of an invitation. Null unless it was sent to the confirmed address of this person.
create or replace function directory.organization_of_invitation(p_user uuid, p_invitation uuid) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$
  select i.org_id
    from users me join invitations i on i.email = me.email and i.id = p_invitation
   where me.id = p_user and me.email_verified_at is not null
$$;
