-- Row security and grants. The owner runs migrations. `tenantry_service` owns nothing and is bound by row
-- security: the service's login is a member of it. `tenantry_directory` may only SELECT, and cannot log
-- in: it owns the few functions that look across tenants.

-- Without a tenant set, there are no rows. A test reads the catalog and fails where a table lacks this.
do $$
declare tenant_table text;
begin
  foreach tenant_table in array array[
    'organizations', 'workspaces', 'roles', 'memberships', 'workspace_memberships', 'emails',
    'invitations', 'invitation_workspaces', 'service_accounts', 'api_keys', 'events', 'event_budgets'
  ] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format(
      'create policy tenant on %I using (org_id = nullif(current_setting(%L, true), %L)::uuid)',
      tenant_table, 'tenantry.org_id', '');
  end loop;
  foreach tenant_table in array array[
    'organizations', 'workspaces', 'roles', 'memberships', 'workspace_memberships', 'emails',
    'invitations', 'invitation_workspaces', 'service_accounts', 'api_keys', 'events'
  ] loop
    execute format(
      'create policy directory on %I for select to tenantry_directory using (true)', tenant_table);
  end loop;
end $$;

create schema directory;
grant usage on schema public, directory to tenantry_service, tenantry_directory;

grant select, insert, update, delete on
  users, email_addresses, sessions, refresh_tokens, account_tokens, account_emails, operators, mentions, erasures,
  permissions, organization_slugs, organizations, workspaces, roles, memberships, workspace_memberships,
  emails, invitations, invitation_workspaces, invitation_tokens,
  service_accounts, api_keys, api_key_secrets, service_keys, service_key_secrets,
  event_budgets, rate_counts, idempotency_keys
  to tenantry_service;
grant select on schema_parts to tenantry_service;
grant select, insert, update on identities, secret_keys to tenantry_service;
grant select, insert, delete, update (actor_name, targets, changes) on events to tenantry_service;
grant select, insert, delete, update (changes) on account_events to tenantry_service;

grant select on
  users, sessions, identities, operators, account_emails, permissions, organization_slugs,
  organizations, workspaces, roles, memberships, workspace_memberships, emails,
  invitations, invitation_workspaces, service_accounts, api_keys, api_key_secrets, service_keys,
  service_key_secrets, events
  to tenantry_directory;
