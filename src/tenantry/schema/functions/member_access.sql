-- How each member of an organization that is not deleted or disabled relates to it, and to one of its
-- workspaces: role and permissions, whether they count now, and whether the member sees the workspace. It
-- looks across no tenants by itself: row security, or its caller, decides whose rows it reads.
create or replace function directory.member_access(p_org uuid, p_workspace uuid) returns table (
  revision bigint, membership_id uuid, user_id uuid, state text,
  role_id uuid, role_key text, role_name text, held text[],
  workspace_id uuid, archived boolean, sees boolean,
  workspace_role_id uuid, workspace_role_key text, workspace_role_name text, workspace_permissions text[]
)
language sql stable
as $$
  select o.revision, m.id, m.user_id,
         directory.membership_state(u.disabled_at, m.status, m.expires_at),
         r.id, r.key, r.name, r.permissions,
         w.id, w.archived_at is not null,
         coalesce(directory.sees_workspace(w.visibility, r.key, t.id is not null), false),
         t.id, t.key, t.name, t.permissions
    from public.organizations o
    join public.memberships m on m.org_id = o.org_id
    join public.roles r on r.org_id = m.org_id and r.id = m.role_id
    join public.users u on u.id = m.user_id
    left join public.workspaces w on w.org_id = m.org_id and w.id = p_workspace
    left join (public.workspace_memberships wm
               join public.roles t on t.org_id = wm.org_id and t.id = wm.role_id)
      on wm.org_id = m.org_id and wm.workspace_id = w.id and wm.membership_id = m.id
   where o.org_id = p_org and o.deleted_at is null and o.disabled_at is null
$$;
