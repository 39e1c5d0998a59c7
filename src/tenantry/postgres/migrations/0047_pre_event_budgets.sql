-- How much of a day's events an organization has recorded: one time, when nothing of it counts any more.
-- Each event moves it on by its share of a day, and it must not come to lie more than a day ahead. The limit
-- is a constraint, so that many who write at once cannot exceed it together.
create table if not exists event_budgets (
  org_id uuid primary key references organizations (org_id) on delete cascade,
  full_at timestamptz not null,
  full_by timestamptz not null,
  constraint event_budgets_within check (full_at <= full_by)
) with (fillfactor = 50);

do $$
begin
  alter table event_budgets enable row level security;
  alter table event_budgets force row level security;
  drop policy if exists tenant on event_budgets;
  create policy tenant on event_budgets
    using (org_id = nullif(current_setting('tenantry.org_id', true), '')::uuid);
end $$;

grant select, insert, update, delete on event_budgets to tenantry_service;
