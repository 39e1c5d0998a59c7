-- Runs after functions have been created or replaced. Functions that look across tenants belong to
-- `tenantry_directory`, whose owner needs CREATE on the schema at that moment; only our roles may call any.

grant create on schema directory to tenantry_directory;
do $$
declare created regprocedure;
begin
  for created in
    select p.oid from pg_proc p
     where p.pronamespace = 'directory'::regnamespace and p.prosecdef
       and p.proowner <> 'tenantry_directory'::regrole
  loop
    execute format('alter function %s owner to tenantry_directory', created);
  end loop;
end $$;
revoke create on schema directory from tenantry_directory;

revoke execute on all functions in schema directory from public;
grant execute on all functions in schema directory to tenantry_service, tenantry_directory;
