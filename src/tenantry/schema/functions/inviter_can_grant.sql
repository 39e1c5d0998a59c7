-- Whether the inviter could still grant all that an invitation offers, as its acceptance will ask. It answers
-- for any organization, so that people see it of their own invitations.
create or replace function directory.inviter_can_grant(p_org uuid, p_invitation uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp
as $$
  select exists (
    select from invitations i
      join roles r on r.org_id = i.org_id and r.id = i.role_id
      join memberships m on m.org_id = i.org_id and m.user_id = i.invited_by and m.status = 'active'
       and (m.expires_at is null or m.expires_at > now())
      join users u on u.id = m.user_id and u.disabled_at is null
      join roles g on g.org_id = m.org_id and g.id = m.role_id
     cross join lateral (
       select directory.permissions_of(g.key, g.permissions) as permissions offset 0) own
     where i.org_id = p_org and i.id = p_invitation
       and own.permissions @> directory.permissions_of(r.key, r.permissions)
       and not exists (
         select from invitation_workspaces iw
           join workspaces w
             on w.org_id = iw.org_id and w.id = iw.workspace_id and w.archived_at is null
           join roles t on t.org_id = iw.org_id and t.id = iw.role_id
          where iw.org_id = i.org_id and iw.invitation_id = i.id
            and not (
              (w.visibility = 'organization' or g.key = 'admin'
               or exists (select from workspace_memberships me
                           where me.org_id = w.org_id and me.workspace_id = w.id
                             and me.membership_id = m.id))
              and own.permissions @> array(
                select p from unnest(directory.permissions_of(t.key, t.permissions)) p
                 where directory.counts_in_workspace(p)))))
$$;
