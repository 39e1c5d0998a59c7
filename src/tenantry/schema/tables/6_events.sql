-- The audit log. Only an erasure changes an event, and only how it names a person. Compressing the event
-- of a new organization, just longer than 2 kB, costs more than the space.
create table events (
  org_id uuid not null references organizations (org_id) on delete cascade,
  id uuid not null,
  action text not null,
  actor_type text not null,
  actor_id uuid,
  actor_name text not null,
  -- The workspace that it is about: only those who see the workspace see the event.
  workspace_id uuid,
  targets jsonb not null,
  changes jsonb not null,
  occurred_at timestamptz not null,
  request_id text,
  primary key (org_id, id)
) with (toast_tuple_target = 8160);
create index events_by_action on events (org_id, action, id);
-- Whether a deleted workspace was private.
create index events_of_deletions on events (org_id, workspace_id) where action = 'workspace.deleted';

-- An organization's budget of events: each event moves `full_at` forward by its share of a day, and a
-- constraint keeps it within a day from now, so that concurrent writers cannot exceed the limit together.
create table event_budgets (
  org_id uuid primary key references organizations (org_id) on delete cascade,
  full_at timestamptz not null,
  full_by timestamptz not null,
  constraint event_budgets_within check (full_at <= full_by)
) with (fillfactor = 50);
