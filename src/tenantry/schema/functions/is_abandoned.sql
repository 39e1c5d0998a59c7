-- Whether an account that never confirmed its address was not used since a time, and holds nothing that
-- others rely on: no membership or organization elsewhere; no guest, key, workspace or role in its own.
create or replace function directory.is_abandoned(p_user uuid, p_before timestamptz) returns boolean
language sql stable security definer set search_path = public, pg_temp
as $$
  select exists (
    select from users u
      join organizations o on o.owner_id = u.id and o.disabled_at is null and o.deleted_at is null
     where u.id = p_user and u.email_verified_at is null and u.disabled_at is null
       and u.created_at < p_before and u.updated_at < p_before and u.organizations_created = 0
       and not exists (select from sessions s where s.user_id = u.id and s.refreshed_at >= p_before)
       and not exists (select from identities i where i.user_id = u.id)
       and not exists (select from operators p where p.user_id = u.id)
       and not exists (select from memberships m where m.user_id = u.id and m.org_id <> o.org_id)
       and not exists (select from memberships m where m.org_id = o.org_id and m.user_id <> u.id)
       and not exists (select from invitations i where i.org_id = o.org_id)
       and not exists (select from workspaces w where w.org_id = o.org_id and not w.is_default)
       and not exists (select from roles r where r.org_id = o.org_id and not r.is_default)
       and not exists (select from api_keys k where k.org_id = o.org_id)
       and not exists (select from service_accounts a where a.org_id = o.org_id))
$$;
