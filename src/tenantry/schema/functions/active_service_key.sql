-- The service key that has a secret, while neither of them has expired.
create or replace function directory.active_service_key(p_digest bytea) returns table (id uuid, name text)
language sql stable rows 1
as $$
  select k.id, k.name
    from public.service_key_secrets s
    join public.service_keys k on k.id = s.key_id and (k.expires_at is null or k.expires_at > now())
   where s.digest = p_digest and (s.expires_at is null or s.expires_at > now())
$$;
