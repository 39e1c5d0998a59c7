-- The session of a person, with who they are: while it has not ended, and their account is not disabled. The one
-- rule about who is signed in.
create or replace function directory.active_session(p_session uuid, p_user uuid) returns table (
  user_id uuid, user_name text, user_email text, email_verified boolean
)
language sql stable rows 1
as $$
  select u.id, u.name, u.email, u.email_verified_at is not null
    from public.sessions s
    join public.users u on u.id = s.user_id and u.disabled_at is null
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;
