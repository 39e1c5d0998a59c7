-- Roles belong to the whole server, so this runs before every migration and before a restore: another
-- database may have them already, and may be creating them at this moment.

do $$
declare needed text;
begin
  foreach needed in array array['tenantry_service', 'tenantry_directory'] loop
    if not exists (select from pg_roles where rolname = needed) then
      begin
        execute format('create role %I nologin', needed);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
  end loop;
  -- To hand a function over to a role, its owner must be able to become that role. Since PostgreSQL 16,
  -- creating a role does not include that.
  if not pg_has_role('tenantry_directory',
                     case when current_setting('server_version_num')::int >= 160000
                          then 'set' else 'member' end) then
    grant tenantry_directory to current_user;
  end if;
end $$;
