-- The next p_limit accounts with an unconfirmed address, and whether they are abandoned.
create or replace function directory.abandoned_accounts(
  p_after uuid, p_limit int, p_before timestamptz, out user_id uuid, out is_due boolean
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select u.id, directory.is_abandoned(u.id, p_before)
    from (select id from users where email_verified_at is null and id > p_after
           order by id limit p_limit) u
   order by u.id
$$;
