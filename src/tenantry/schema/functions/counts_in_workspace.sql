-- Whether a permission counts where a role is held in one workspace only.
create or replace function directory.counts_in_workspace(p_permission text) returns boolean
language sql immutable
as $$
  select p_permission <> 'workspace:create'
     and p_permission not like all (
           array['organization:%', 'member:%', 'role:%', 'event:%', 'webhook:%', 'api\_key:%'])
$$;
