-- Whose request is it, and may they do this here? There is a row whenever the session is valid;
-- membership_id is null for a stranger. The tenant is set, for this transaction only, where `granted` is true.
create or replace function directory.authorize(
  p_session uuid, p_user uuid, p_org uuid, p_permission text,
  out user_name text, out user_email text, out email_verified boolean,
  out membership_id uuid, out role_id uuid, out role_key text, out role_name text,
  out granted boolean
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select s.user_name, s.user_email, s.email_verified,
         m.membership_id, m.role_id, m.role_key, m.role_name,
         case when directory.permits(m.role_key, m.held, p_permission, false)
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end
    from directory.active_session(p_session, p_user) s
    left join (directory.active_memberships() m
               join organizations o on o.org_id = m.org_id
                and o.deleted_at is null and o.disabled_at is null)
      on m.org_id = p_org and m.user_id = s.user_id
$$;
