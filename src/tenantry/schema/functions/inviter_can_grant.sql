-- Whether the inviter could still grant all that an invitation offers, as its acceptance will ask. It answers
-- for any organization, so that people see it of their own invitations.
create or replace function directory.inviter_can_grant(p_org uuid, p_invitation uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp
as $$
  select exists (
    select from invitations i
      join roles r on r.org_id = i.org_id and r.id = i.role_id
      join directory.active_memberships() m on m.org_id = i.org_id and m.user_id = i.invited_by
      join users u on u.id = m.user_id and u.disabled_at is null
     cross join lateral (
       select directory.permissions_of(m.role_key, m.held) as effective offset 0) own
     where i.org_id = p_org and i.id = p_invitation
       and own.effective @> directory.permissions_of(r.key, r.permissions)
       and not exists (
         select from invitation_workspaces iw
           join workspaces w
             on w.org_id = iw.org_id and w.id = iw.workspace_id and w.archived_at is null
           join roles t on t.org_id = iw.org_id and t.id = iw.role_id
          where iw.org_id = i.org_id and iw.invitation_id = i.id
            and not (
              directory.sees_workspace(w.visibility, m.role_key, exists (
                select from workspace_memberships own
                 where own.org_id = w.org_id and own.workspace_id = w.id
                   and own.membership_id = m.membership_id))
              and own.effective @> array(
                select p from unnest(directory.permissions_of(t.key, t.permissions)) p
                 where directory.counts_in_workspace(p)))))
$$;
