-- Whose key is it, and may it do this here? There is a row whenever the key is valid: its secret and itself
-- have not expired, and its organization, and its member or service account, exist. `in_scope` is false to a
-- stranger: of another organization, bound to another workspace, or to a workspace if the organization
-- itself is requested. A member's own key may do what both its role and the member may do now. The tenant is
-- set, for this transaction only, where `granted` is true.
create or replace function directory.authorize_key(
  p_digest bytea, p_org uuid, p_permission text, p_workspace uuid,
  out key_id uuid, out key_name text, out account_id uuid, out account_name text,
  out owner_id uuid, out owner_name text, out owner_email_verified boolean,
  out role_id uuid, out role_key text, out role_name text, out bound_to uuid,
  out permissions text[], out in_scope boolean, out granted boolean
) returns setof record
language sql volatile security definer set search_path = public, pg_temp rows 1
as $$
  select b.key_id, b.key_name, b.account_id, b.account_name,
         b.owner_id, b.owner_name, b.owner_email_verified,
         b.role_id, b.role_key, b.role_name, b.bound_to, allowed.effective, scope.in_scope,
         case when scope.in_scope and p_permission = any (allowed.effective)
              then set_config('tenantry.org_id', p_org::text, true) is not null
              else false end
    from directory.valid_keys(p_digest) b
    cross join lateral (
      select r.in_scope and b.org_id = p_org as in_scope, r.workspace_role_key, r.workspace_permissions
        from directory.key_scope(b.org_id, b.bound_to, b.role_key, b.membership_id, b.member_key,
                             p_workspace) r
    ) scope
    cross join lateral (
      select directory.permissions_of(b.member_key, b.member_held) as everywhere,
             directory.permissions_of(scope.workspace_role_key, scope.workspace_permissions) as in_workspace
    ) member
    cross join lateral (
      select array(
        select p from unnest(directory.permissions_of(b.role_key, b.held)) p
         where (b.bound_to is null or directory.counts_in_workspace(p))
           and (b.membership_id is null or p = any (member.everywhere)
                or (directory.counts_in_workspace(p) and p = any (member.in_workspace)))
      ) as effective
    ) allowed
$$;
