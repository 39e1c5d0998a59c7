-- Operators: who runs the service, and what they switch off.

create table if not exists operators (
  user_id uuid primary key,
  added_at timestamptz not null
);
grant select, insert, update, delete on operators to tenantry_service;
grant select on operators to tenantry_directory;

-- Null where nothing was switched off. The reason is that of the last act, either way.
alter table organizations add column if not exists disabled_at timestamptz;
alter table organizations add column if not exists status_reason text
  check (length(status_reason) <= 500);
alter table users add column if not exists disabled_at timestamptz;
alter table users add column if not exists status_reason text
  check (length(status_reason) <= 500);

-- Who did it, where it was not the person whose account it is.
alter table account_events add column if not exists actor_id uuid;

-- Organizations as operators see them: how many are in them, and nothing of what is in them.
create or replace function directory.operator_organizations(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text, p_status text,
  out id uuid, out name text, out slug text, out kind text, out members int, out workspaces int,
  out created_at timestamptz, out deleted_at timestamptz, out disabled_at timestamptz,
  out status_reason text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind,
         (select count(*)::int from memberships m where m.org_id = o.org_id),
         (select count(*)::int from workspaces w where w.org_id = o.org_id),
         o.created_at, o.deleted_at, o.disabled_at, o.status_reason
    from organizations o
   where o.org_id > p_low and o.org_id < p_high
     and (p_slug is null or o.slug = p_slug)
     and case p_status when 'live' then o.deleted_at is null and o.disabled_at is null
                       when 'deleted' then o.deleted_at is not null
                       when 'disabled' then o.disabled_at is not null
                       else true end
     and exists (select from sessions s
                   join operators p on p.user_id = s.user_id
                  where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by o.org_id limit p_limit
$$;

create or replace function directory.operator_organizations_descending(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text, p_status text,
  out id uuid, out name text, out slug text, out kind text, out members int, out workspaces int,
  out created_at timestamptz, out deleted_at timestamptz, out disabled_at timestamptz,
  out status_reason text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind,
         (select count(*)::int from memberships m where m.org_id = o.org_id),
         (select count(*)::int from workspaces w where w.org_id = o.org_id),
         o.created_at, o.deleted_at, o.disabled_at, o.status_reason
    from organizations o
   where o.org_id > p_low and o.org_id < p_high
     and (p_slug is null or o.slug = p_slug)
     and case p_status when 'live' then o.deleted_at is null and o.disabled_at is null
                       when 'deleted' then o.deleted_at is not null
                       when 'disabled' then o.disabled_at is not null
                       else true end
     and exists (select from sessions s
                   join operators p on p.user_id = s.user_id
                  where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by o.org_id desc limit p_limit
$$;

create or replace function directory.operator_organization(
  p_session uuid, p_user uuid, p_org uuid,
  out id uuid, out name text, out slug text, out kind text, out members int, out workspaces int,
  out created_at timestamptz, out deleted_at timestamptz, out disabled_at timestamptz,
  out status_reason text
) returns setof record
language sql stable security definer set search_path = public, pg_temp rows 1
as $$
  select o.org_id, o.name, o.slug, o.kind,
         (select count(*)::int from memberships m where m.org_id = o.org_id),
         (select count(*)::int from workspaces w where w.org_id = o.org_id),
         o.created_at, o.deleted_at, o.disabled_at, o.status_reason
    from organizations o
   where o.org_id = p_org
     and exists (select from sessions s
                   join operators p on p.user_id = s.user_id
                  where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
$$;

grant create on schema directory to tenantry_directory;
alter function directory.operator_organizations owner to tenantry_directory;
alter function directory.operator_organizations_descending owner to tenantry_directory;
alter function directory.operator_organization owner to tenantry_directory;
revoke create on schema directory from tenantry_directory;
revoke execute on all functions in schema directory from public;
grant execute on all functions in schema directory to tenantry_service;
