-- The memberships that count now, each with its role and what it holds by name: not suspended, not expired.
-- It looks across no tenants by itself: row security, or its caller, decides whose rows it reads.
create or replace function directory.active_memberships() returns table (
  org_id uuid, membership_id uuid, user_id uuid,
  role_id uuid, role_key text, role_name text, held text[]
)
language sql stable
as $$
  select m.org_id, m.id, m.user_id, r.id, r.key, r.name, r.permissions
    from public.memberships m
    join public.roles r on r.org_id = m.org_id and r.id = m.role_id
   where m.status = 'active' and (m.expires_at is null or m.expires_at > now())
$$;
