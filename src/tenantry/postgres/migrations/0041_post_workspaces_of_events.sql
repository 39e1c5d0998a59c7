-- Events of earlier releases are told which workspace they are about, tenant by tenant, as row security
-- wants it. Until then Admins alone see them.

-- The UUID in a TypeID: 26 letters of Crockford's base 32, five bits each, the first two bits unused.
create or replace function pg_temp.uuid_in(p_id text) returns uuid language sql immutable as $$
  select string_agg(to_hex(substr(bits, 4 * n - 1, 4)::bit(4)::int), '' order by n)::uuid
    from (select string_agg(
                   (strpos('0123456789abcdefghjkmnpqrstvwxyz', letter) - 1)::bit(5)::text, ''
                   order by place) as bits
            from regexp_split_to_table(right(p_id, 26), '') with ordinality l (letter, place)) decoded,
         generate_series(1, 32) n
$$;

do $$
declare tenant uuid; tenants uuid[];
begin
  set local role tenantry_directory;
  select array_agg(org_id) into tenants from organizations;
  reset role;
  foreach tenant in array coalesce(tenants, '{}') loop
    perform set_config('tenantry.org_id', tenant::text, true);
    update events e set workspace_id = pg_temp.uuid_in(about.id)
      from (select x.org_id, x.id as event_id,
                   coalesce(
                     (select t ->> 'id' from jsonb_array_elements(x.targets) t
                       where t ->> 'type' = 'workspace' limit 1),
                     (select coalesce(c #>> '{after,workspace_id}', c #>> '{before,workspace_id}')
                        from jsonb_array_elements(x.changes) c
                       where x.action like any (array['api\_key.%', 'service\_account.%'])
                         and coalesce(c #>> '{after,workspace_id}', c #>> '{before,workspace_id}')
                             is not null limit 1)) as id
              from events x
             where x.org_id = tenant and x.workspace_id is null
               and x.action like any (array['workspace%', 'api\_key.%', 'service\_account.%'])) about
     where e.org_id = about.org_id and e.id = about.event_id and about.id is not null;
    -- A service account's key is where the account is; and all that happens to a key or an account is
    -- where it was created.
    update events e set workspace_id = account.workspace_id
      from events account
     where e.org_id = tenant and account.org_id = tenant
       and e.action = 'api_key.created' and account.action = 'service_account.created'
       and e.workspace_id is null and account.workspace_id is not null
       and e.changes #>> '{0,after,service_account_id}' = account.targets #>> '{0,id}';
    update events e set workspace_id = creation.workspace_id
      from events creation
     where e.org_id = tenant and creation.org_id = tenant
       and e.action like any (array['api\_key.%', 'service\_account.%'])
       and creation.action in ('api_key.created', 'service_account.created')
       and e.workspace_id is null and creation.workspace_id is not null
       and e.targets #>> '{0,id}' = creation.targets #>> '{0,id}';
  end loop;
  perform set_config('tenantry.org_id', '', true);
end $$;

drop function pg_temp.uuid_in(text);
