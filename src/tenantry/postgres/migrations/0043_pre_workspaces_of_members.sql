-- The first of a member's workspaces are read in their order, and no more of them.
create index if not exists workspace_memberships_of_member
  on workspace_memberships (org_id, membership_id, workspace_id);
drop index if exists workspace_memberships_by_membership;
