-- How often something was done, for all processes of a service: a row lives as long as something of
-- it counts. `full_at` is when nothing does any more; the key is a keyed hash of rate and subject, so
-- no address lies here.

create table rate_counts (
  key bytea primary key check (length(key) = 32),
  counted_at timestamptz not null,
  full_at timestamptz not null
) with (fillfactor = 70);

grant select, insert, update, delete on rate_counts to tenantry_service;
