-- What an operator disabled is unknown to everybody: each function that lets people in, or shows them
-- where they belong, as it was, and not for what is disabled.

-- Who asks, and may they do this here? A row comes back whenever the session lives; membership_id is
-- null for a stranger; the tenant is set, for this transaction alone, only where `granted` is true.
create or replace function directory.enter(
  p_session uuid, p_user uuid, p_org uuid, p_permission text,
  out user_name text, out user_email text, out email_verified boolean,
  out membership_id uuid, out role_id uuid, out role_key text, out role_name text,
  out granted boolean
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select u.name, u.email, u.email_verified_at is not null,
         m.id, r.id, r.key, r.name,
         case when p_permission = any (r.permissions)
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end
    from sessions s
    join users u on u.id = s.user_id and u.disabled_at is null
    left join (memberships m
               join roles r on r.org_id = m.org_id and r.id = m.role_id
               join organizations o on o.org_id = m.org_id
                and o.deleted_at is null and o.disabled_at is null)
      on m.org_id = p_org and m.user_id = s.user_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;

-- The same for one workspace: seen_id is null where it is unknown, or private to others. The role
-- there adds what counts inside a workspace to what the organization's role permits.
create or replace function directory.enter_workspace(
  p_session uuid, p_user uuid, p_org uuid, p_permission text, p_workspace uuid,
  out user_name text, out user_email text, out email_verified boolean,
  out membership_id uuid, out role_id uuid, out role_key text, out role_name text,
  out granted boolean,
  out seen_id uuid, out there_id uuid, out there_key text, out there_name text
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select u.name, u.email, u.email_verified_at is not null,
         m.id, r.id, r.key, r.name,
         case when w.id is not null
               and (p_permission = any (r.permissions)
                    or (p_permission = any (t.permissions)
                        and p_permission like 'workspace:%' and p_permission <> 'workspace:create'))
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end,
         w.id, t.id, t.key, t.name
    from sessions s
    join users u on u.id = s.user_id and u.disabled_at is null
    left join (memberships m
               join roles r on r.org_id = m.org_id and r.id = m.role_id
               join organizations o on o.org_id = m.org_id
                and o.deleted_at is null and o.disabled_at is null)
      on m.org_id = p_org and m.user_id = s.user_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
    left join (workspace_memberships wm
               join roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = p_org and wm.workspace_id = p_workspace and wm.membership_id = m.id
    left join workspaces w
      on w.org_id = m.org_id and w.id = p_workspace
     and (w.visibility = 'organization' or wm.membership_id is not null or r.key = 'admin')
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;

-- The organizations of a person whose session lives, with the person's role in each. Two functions
-- rather than one with a direction: so both read the index in order and stop at the limit.
create or replace function directory.my_organizations(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text,
  out org_id uuid, out name text, out slug text, out kind text, out locale text, out metadata jsonb,
  out default_workspace_id uuid, out created_at timestamptz, out updated_at timestamptz,
  out role_id uuid, out role_key text, out role_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind, o.locale, o.metadata, o.default_workspace_id,
         o.created_at, o.updated_at, r.id, r.key, r.name
    from memberships m
    join organizations o on o.org_id = m.org_id
     and o.deleted_at is null and o.disabled_at is null
    join roles r on r.org_id = m.org_id and r.id = m.role_id
   where m.user_id = p_user and m.org_id > p_low and m.org_id < p_high
     and m.status = 'active' and (m.expires_at is null or m.expires_at > now())
     and (p_slug is null or o.slug = p_slug)
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by m.org_id limit p_limit
$$;

create or replace function directory.my_organizations_descending(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text,
  out org_id uuid, out name text, out slug text, out kind text, out locale text, out metadata jsonb,
  out default_workspace_id uuid, out created_at timestamptz, out updated_at timestamptz,
  out role_id uuid, out role_key text, out role_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind, o.locale, o.metadata, o.default_workspace_id,
         o.created_at, o.updated_at, r.id, r.key, r.name
    from memberships m
    join organizations o on o.org_id = m.org_id
     and o.deleted_at is null and o.disabled_at is null
    join roles r on r.org_id = m.org_id and r.id = m.role_id
   where m.user_id = p_user and m.org_id > p_low and m.org_id < p_high
     and m.status = 'active' and (m.expires_at is null or m.expires_at > now())
     and (p_slug is null or o.slug = p_slug)
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by m.org_id desc limit p_limit
$$;

-- As `enter`, and into an organization that was deleted less than 30 days ago, for its Admins alone:
-- to restore it.
create or replace function directory.enter_to_restore(
  p_session uuid, p_user uuid, p_org uuid, p_permission text,
  out user_name text, out user_email text, out email_verified boolean,
  out membership_id uuid, out role_id uuid, out role_key text, out role_name text,
  out granted boolean
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select u.name, u.email, u.email_verified_at is not null,
         m.id, r.id, r.key, r.name,
         case when p_permission = any (r.permissions)
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end
    from sessions s
    join users u on u.id = s.user_id and u.disabled_at is null
    left join (memberships m
               join roles r on r.org_id = m.org_id and r.id = m.role_id
               join organizations o on o.org_id = m.org_id and o.disabled_at is null
                and (o.deleted_at is null
                     or (r.key = 'admin' and o.deleted_at > now() - interval '30 days')))
      on m.org_id = p_org and m.user_id = s.user_id and m.status = 'active'
     and (m.expires_at is null or m.expires_at > now())
   where s.id = p_session and s.user_id = p_user
     and s.ended_at is null and s.expires_at > now()
$$;

-- The deleted organizations that a person whose session lives could restore. They are few, so one
-- function serves both directions.
create or replace function directory.my_deleted_organizations(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int, p_slug text,
  p_descending boolean,
  out org_id uuid, out name text, out slug text, out kind text, out locale text, out metadata jsonb,
  out default_workspace_id uuid, out created_at timestamptz, out updated_at timestamptz,
  out role_id uuid, out role_key text, out role_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id, o.name, o.slug, o.kind, o.locale, o.metadata, o.default_workspace_id,
         o.created_at, o.updated_at, r.id, r.key, r.name
    from memberships m
    join organizations o on o.org_id = m.org_id and o.disabled_at is null
     and o.deleted_at > now() - interval '30 days'
    join roles r on r.org_id = m.org_id and r.id = m.role_id and r.key = 'admin'
   where m.user_id = p_user and m.org_id > p_low and m.org_id < p_high
     and m.status = 'active' and (m.expires_at is null or m.expires_at > now())
     and (p_slug is null or o.slug = p_slug)
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by case when not p_descending then m.org_id end, m.org_id desc limit p_limit
$$;

-- What is open for the address of a person whose session lives and who has proven that address.
create or replace function directory.my_invitations(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int,
  out id uuid, out org_id uuid, out email text, out role_id uuid, out role_key text,
  out role_name text, out status text, out invited_by uuid, out inviter_name text,
  out expires_at timestamptz, out delivery text, out created_at timestamptz,
  out updated_at timestamptz, out workspaces jsonb, out organization_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select i.id, i.org_id, i.email, r.id, r.key, r.name, i.status, i.invited_by,
         coalesce(u.name, ''), i.expires_at, l.state, i.created_at, i.updated_at,
         (select jsonb_agg(jsonb_build_array(w.id, t.id, t.key, t.name) order by w.id)
            from invitation_workspaces iw
            join workspaces w on w.org_id = iw.org_id and w.id = iw.workspace_id
            join roles t on t.org_id = iw.org_id and t.id = iw.role_id
           where iw.org_id = i.org_id and iw.invitation_id = i.id),
         o.name
    from users me
    join invitations i on i.email = me.email and i.status = 'pending' and i.expires_at > now()
    join organizations o on o.org_id = i.org_id
     and o.deleted_at is null and o.disabled_at is null
    join roles r on r.org_id = i.org_id and r.id = i.role_id
    join letters l on l.org_id = i.org_id and l.id = i.letter_id
    left join users u on u.id = i.invited_by
   where me.id = p_user and me.email_verified_at is not null and i.id > p_low and i.id < p_high
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by i.id limit p_limit
$$;

create or replace function directory.my_invitations_descending(
  p_session uuid, p_user uuid, p_low uuid, p_high uuid, p_limit int,
  out id uuid, out org_id uuid, out email text, out role_id uuid, out role_key text,
  out role_name text, out status text, out invited_by uuid, out inviter_name text,
  out expires_at timestamptz, out delivery text, out created_at timestamptz,
  out updated_at timestamptz, out workspaces jsonb, out organization_name text
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select i.id, i.org_id, i.email, r.id, r.key, r.name, i.status, i.invited_by,
         coalesce(u.name, ''), i.expires_at, l.state, i.created_at, i.updated_at,
         (select jsonb_agg(jsonb_build_array(w.id, t.id, t.key, t.name) order by w.id)
            from invitation_workspaces iw
            join workspaces w on w.org_id = iw.org_id and w.id = iw.workspace_id
            join roles t on t.org_id = iw.org_id and t.id = iw.role_id
           where iw.org_id = i.org_id and iw.invitation_id = i.id),
         o.name
    from users me
    join invitations i on i.email = me.email and i.status = 'pending' and i.expires_at > now()
    join organizations o on o.org_id = i.org_id
     and o.deleted_at is null and o.disabled_at is null
    join roles r on r.org_id = i.org_id and r.id = i.role_id
    join letters l on l.org_id = i.org_id and l.id = i.letter_id
    left join users u on u.id = i.invited_by
   where me.id = p_user and me.email_verified_at is not null and i.id > p_low and i.id < p_high
     and exists (select from sessions s where s.id = p_session and s.user_id = p_user
                    and s.ended_at is null and s.expires_at > now())
   order by i.id desc limit p_limit
$$;
