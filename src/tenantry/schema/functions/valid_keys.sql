-- The valid key that has a secret: itself, the secret, its organization, and its member or service account
-- have not expired. What a role holds is as in the table; member columns are null for a service account's
-- key. It looks across no tenants by itself.
create or replace function directory.valid_keys(p_digest bytea) returns table (
  org_id uuid, key_id uuid, key_name text, account_id uuid, account_name text,
  owner_id uuid, owner_name text, owner_email_verified boolean,
  role_id uuid, role_key text, role_name text, held text[], bound_to uuid,
  membership_id uuid, member_key text, member_held text[]
)
language sql stable rows 1
as $$
  select k.org_id, k.id, k.name, a.id, a.name, u.id, u.name,
         case when u.id is not null then u.email_verified_at is not null end,
         r.id, r.key, r.name, r.permissions, coalesce(a.workspace_id, k.workspace_id),
         m.membership_id, m.role_key, m.held
    from public.api_key_secrets s
    join public.api_keys k on k.org_id = s.org_id and k.id = s.key_id
     and (k.expires_at is null or k.expires_at > now())
    join public.organizations o on o.org_id = k.org_id
     and o.deleted_at is null and o.disabled_at is null
    left join public.service_accounts a on a.org_id = k.org_id and a.id = k.service_account_id
    join public.roles r on r.org_id = k.org_id and r.id = coalesce(a.role_id, k.role_id)
    left join (directory.active_memberships() m
               join public.users u on u.id = m.user_id and u.disabled_at is null)
      on m.org_id = k.org_id and m.membership_id = k.membership_id
   where s.digest = p_digest and (s.expires_at is null or s.expires_at > now())
     and (k.membership_id is null or m.membership_id is not null)
$$;
