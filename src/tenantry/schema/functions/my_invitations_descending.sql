-- As `my_invitations`, the newest first.
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
    join emails l on l.org_id = i.org_id and l.id = i.email_id
    left join users u on u.id = i.invited_by
   where me.id = p_user and me.email_verified_at is not null and i.id > p_low and i.id < p_high
     and exists (select from directory.active_session(p_session, p_user))
   order by i.id desc limit p_limit
$$;
