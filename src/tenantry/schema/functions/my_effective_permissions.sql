-- What a person whose session is valid may do in an organization, once for each workspace that they see;
-- nothing for a stranger.
create or replace function directory.my_effective_permissions(p_session uuid, p_user uuid, p_org uuid)
returns table (
  revision bigint, membership_id uuid, user_id uuid, state text,
  role_id uuid, role_key text, role_name text, permissions text[],
  workspace_id uuid, visibility text, archived boolean,
  workspace_role_id uuid, workspace_role_key text, workspace_role_name text, workspace_permissions text[]
)
language sql stable security definer set search_path = public, pg_temp
as $$
  select h.* from directory.effective_permissions(p_org) h
   where h.user_id = p_user and h.state = 'active'
     and exists (select from directory.active_session(p_session, p_user))
   order by h.workspace_id
$$;
