-- Row security, the second wall: no tenant set, no rows. One policy shape on every tenant table;
-- tests/house reads the catalog and fails where a table lacks it.

do $$
declare tenant_table text;
begin
  foreach tenant_table in array array[
    'organizations', 'workspaces', 'roles', 'memberships', 'workspace_memberships',
    'letters', 'invitations', 'invitation_workspaces', 'events'
  ] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format(
      'create policy tenant on %I using (org_id = nullif(current_setting(%L, true), %L)::uuid)',
      tenant_table, 'tenantry.org_id', '');
    execute format(
      'create policy directory on %I for select to tenantry_directory using (true)', tenant_table);
  end loop;
end $$;

grant usage on schema public, directory to tenantry_service, tenantry_directory;

grant select, insert, update, delete on
  users, emails, sessions, refresh_tokens, account_tokens, account_letters, organization_slugs,
  invitation_tokens, idempotency_keys, organizations, workspaces, roles, memberships,
  workspace_memberships, letters, invitations, invitation_workspaces
  to tenantry_service;
-- What happened stays as it was written.
grant select, insert on events, account_events to tenantry_service;
grant select on schema_migrations to tenantry_service;

grant select on
  users, sessions, organizations, workspaces, roles, memberships, workspace_memberships, letters
  to tenantry_directory;
