-- What has been kept for as long as an operator wants: each function looks at the next so many, and says which
-- of them are due, so that a round is bounded whatever there is.

create index if not exists users_unverified on users (id) where email_verified_at is null;

grant select on identities to tenantry_directory;

-- Event ids are made in the order of time, so an id stands for a time.
create or replace function directory.organizations_with_events_before(
  p_after uuid, p_limit int, p_before uuid, out org_id uuid, out is_due boolean
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, exists (select from events e where e.org_id = o.org_id and e.id < p_before)
    from (select org_id from organizations where org_id > p_after order by org_id limit p_limit) o
   order by o.org_id
$$;

-- Invitations that were answered, revoked or had expired by a time; those made after it cannot have been.
create or replace function directory.organizations_with_invitations_before(
  p_after uuid, p_limit int, p_before timestamptz, out org_id uuid, out is_due boolean
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id,
         exists (select from invitations i
                  where i.org_id = o.org_id and i.created_at < p_before
                    and case i.status when 'pending' then i.expires_at else i.updated_at end < p_before)
    from (select org_id from organizations where org_id > p_after order by org_id limit p_limit) o
   order by o.org_id
$$;

-- Whether an account that never proved its address was not used since a time, and holds nothing that anybody
-- else relies on: no seat or organization elsewhere, no guest, key, workspace or role in its own.
create or replace function directory.is_abandoned(p_user uuid, p_before timestamptz) returns boolean
language sql stable security definer set search_path = public, pg_temp
as $$
  select exists (
    select from users u
      join organizations o on o.owner_id = u.id and o.disabled_at is null and o.deleted_at is null
     where u.id = p_user and u.email_verified_at is null and u.disabled_at is null
       and u.created_at < p_before and u.updated_at < p_before and u.organizations_made = 0
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

grant create on schema directory to tenantry_directory;
alter function directory.organizations_with_events_before owner to tenantry_directory;
alter function directory.organizations_with_invitations_before owner to tenantry_directory;
alter function directory.is_abandoned owner to tenantry_directory;
alter function directory.abandoned_accounts owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;

revoke execute on all functions in schema directory from public;
grant execute on all functions in schema directory to tenantry_service;
